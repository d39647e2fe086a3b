/** What the summary asks for and is told; and the measures of its chart. Pure. */
import type { components } from "@/api/schema";

type Shapes = components["schemas"];
export type Trends = Shapes["Trends"];
export type League = Shapes["League"];
export type LeagueRow = Shapes["LeagueRow"];

export const PERIODS = ["day", "week", "month"] as const;
export const COMPARED = ["agency", "category", "area"] as const;
export type Period = (typeof PERIODS)[number];
export type Compared = (typeof COMPARED)[number];

export interface Wanted {
  every: Period;
  by: Compared;
  area: string | null;
  category: string | null;
}
type Query = Record<string, unknown>;

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

export function fromQuery(query: Query): Wanted {
  return {
    every: PERIODS.find((one) => one === query["every"]) ?? "month",
    by: COMPARED.find((one) => one === query["by"]) ?? "agency",
    area: text(query["area"]),
    category: text(query["category"]),
  };
}

/** What is as usual stays out of the address. */
export function toQuery(wanted: Wanted): Record<string, string> {
  const usual = fromQuery({});
  const named = Object.entries(wanted) as [keyof Wanted, string | null][];
  return Object.fromEntries(named.filter(([key, value]) => value !== null && value !== usual[key])) as Record<string, string>;
}

/** The least round number (1, 2 or 5 times a power of ten, and even) that reaches as high. */
export function roundTop(most: number): number {
  if (most <= 10) return most <= 4 ? 4 : 10;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((one) => one * power >= most) ?? 10) * power;
}

/** A period as people call it: a day, the Monday of a week, a month. */
export function periodName(start: string, every: Period, locale: string, timeZone: string, long = false): string {
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", ...(long ? { year: "numeric" } : {}) };
  const month: Intl.DateTimeFormatOptions = { month: long ? "long" : "short", year: long ? "numeric" : "2-digit" };
  return new Intl.DateTimeFormat(locale, { ...(every === "month" ? month : day), timeZone }).format(new Date(start));
}
