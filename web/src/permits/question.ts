/** What the permits page is asked to show, as it stands in the address bar. Pure. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import { PERMIT_STATES, SHORTFALLS, type PermitState, type Shortfall } from "@/permits/shapes";

export interface Question {
  q: string;
  area: string | null;
  state: PermitState | null;
  /** Only permits that lack this; `any` those that lack anything. */
  finding: Shortfall | "any" | null;
}

const one = (query: LocationQuery, name: string): string => {
  const value = query[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
};

export function fromQuery(query: LocationQuery): Question {
  const [area, finding] = [one(query, "area"), one(query, "finding")];
  return {
    q: one(query, "q").slice(0, 120),
    area: /^[\w.-]{1,64}$/.test(area) ? area : null,
    state: PERMIT_STATES.find((state) => state === one(query, "state")) ?? null,
    finding: finding === "any" ? "any" : (SHORTFALLS.find((shortfall) => shortfall === finding) ?? null),
  };
}

/** The address's query for this question; an open permit stays open. */
export function toQuery(question: Question, query: LocationQuery): LocationQueryRaw {
  const asked = Object.entries(question).filter(([, value]) => Boolean(value));
  return { ...Object.fromEntries(asked), ...(query["permit"] ? { permit: query["permit"] } : {}) } as LocationQueryRaw;
}

/** The service's parameters, for the list or, where findings are asked for, for compliance. */
export function toParams({ q, area, state, finding }: Question): URLSearchParams {
  const asked = { q: q.trim(), area, state, shortfall: finding === "any" ? null : finding };
  return new URLSearchParams(Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1])));
}

export type ListFormat = "excel" | "csv";
export const LIST_FORMATS: readonly ListFormat[] = ["excel", "csv"];

/** Where the service has all that fits as a file, below its root: for Excel in the page's language, or for programs. */
export function fileOf(question: Question, format: ListFormat, language: string): string {
  const params = toParams(question);
  if (question.finding) params.set("format", "csv");
  if (format === "excel") for (const [name, value] of Object.entries({ excel: "true", language })) params.set(name, value);
  return `permits/${question.finding ? "compliance" : "export"}?${params.toString()}`;
}
