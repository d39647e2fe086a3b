/** What the command centre is asked to show, as it stands in the address bar and as the service is asked. Pure. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import { KINDS, STATUSES, type IncidentKind, type Status } from "@/api/types";
import { dayStart } from "@/format";

export const PRESETS = { h24: 1, d7: 7, d30: 30, d90: 90 } as const;
export type Preset = keyof typeof PRESETS;

export interface Filters {
  q: string;
  area: string | null;
  categories: string[];
  statuses: Status[];
  kind: IncidentKind | null;
  agency: string | null;
  overdue: boolean;
  preset: Preset | null;
  /** Days in the city's own time zone, both included; used when there is no preset. */
  since: string | null;
  until: string | null;
}

export const NO_FILTERS: Readonly<Filters> = {
  q: "",
  area: null,
  categories: [],
  statuses: [],
  kind: null,
  agency: null,
  overdue: false,
  preset: null,
  since: null,
  until: null,
};

const NAMES = ["q", "area", "category", "status", "kind", "agency", "overdue", "time", "since", "until"] as const;
const HOUR_MS = 3_600_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CODE = /^[\w.-]{1,64}$/;

const one = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? "";
const fitting = (text: string, shape: RegExp): string | null => (shape.test(text) ? text : null);

/** Reads the filters out of an address; what makes no sense there is left out, never an error. */
export function fromQuery(query: LocationQuery): Filters {
  const list = (name: string): string[] => one(query[name]).split(",").filter((code) => CODE.test(code));
  const time = one(query["time"]);
  return {
    q: one(query["q"]).slice(0, 200),
    area: fitting(one(query["area"]), CODE),
    categories: list("category"),
    statuses: list("status").filter((code): code is Status => STATUSES.includes(code as Status)),
    kind: KINDS.find((kind) => kind === one(query["kind"])) ?? null,
    agency: fitting(one(query["agency"]), CODE),
    overdue: one(query["overdue"]) === "true",
    preset: Object.hasOwn(PRESETS, time) ? (time as Preset) : null,
    since: fitting(one(query["since"]), DAY),
    until: fitting(one(query["until"]), DAY),
  };
}

function pairs(filters: Filters): [string, string][] {
  const all: [string, string | null][] = [
    ["q", filters.q.trim()],
    ["area", filters.area],
    ["category", filters.categories.join(",")],
    ["status", filters.statuses.join(",")],
    ["kind", filters.kind],
    ["agency", filters.agency],
    ["overdue", filters.overdue ? "true" : null],
  ];
  return all.filter((pair): pair is [string, string] => Boolean(pair[1]));
}

/** The address's query for these filters; what else stands in `query` (the chosen incident, the map's place) stays. */
export function toQuery(filters: Filters, query: LocationQuery): LocationQueryRaw {
  const others = Object.entries(query).filter(([name]) => !(NAMES as readonly string[]).includes(name));
  const time = filters.preset
    ? [["time", filters.preset]]
    : Object.entries({ since: filters.since, until: filters.until }).filter(([, day]) => day !== null);
  return Object.fromEntries([...others, ...pairs(filters), ...time]) as LocationQueryRaw;
}

/** The service's parameters. A preset begins at a full hour, so that asking again asks the same and can be answered 304. */
export function toParams(filters: Filters, now: Date, zone: string): URLSearchParams {
  const params = new URLSearchParams(pairs(filters));
  if (filters.preset) {
    const hour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
    params.set("since", new Date(hour - PRESETS[filters.preset] * 24 * HOUR_MS).toISOString());
    return params;
  }
  const since = filters.since ? dayStart(filters.since, zone) : null;
  const until = filters.until ? dayStart(filters.until, zone, 1) : null;
  if (since) params.set("since", since.toISOString());
  if (until) params.set("until", until.toISOString());
  return params;
}

/** How many of the filters narrow what is shown. */
export function active(filters: Filters): number {
  return pairs(filters).length + (filters.preset || filters.since || filters.until ? 1 : 0);
}
