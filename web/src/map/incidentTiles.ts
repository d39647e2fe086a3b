/** The incidents of the map as the service's vector tiles tell them: single ones, and cells with counts. Pure. */
import type { Incident, IncidentProperties } from "@/api/types";

/** Names of the source, and of the layers inside its tiles. */
export const SOURCE = "incidents";
export const SINGLES = "incidents";
export const CELLS = "cells";

const TOLD = ["kind", "reference", "photo", "category", "status", "overdue", "camera", "ended_at"] as const;
/** So many circles of 40 to 72 pixels find room along a tile of 512, and so many symbols of 32 where one of them would be. */
const GRID = { cells: "8", singles: "3" };

/** What a tile tells of a single incident; what is nothing is left out. */
export type Told = Pick<IncidentProperties, "kind"> & Partial<Record<(typeof TOLD)[number], string | number | boolean>>;

/** The address of the tiles that hold what answers `question`, the parameters of the list. */
export function tilesOf(question: string, origin: string): string {
  const params = new URLSearchParams(question);
  params.set("properties", TOLD.join(","));
  for (const [name, value] of Object.entries(GRID)) params.set(name, value);
  return `${origin}/tiles/${SOURCE}/{z}/{x}/{y}.mvt?${params.toString()}`;
}

/** By what the pages know a single one. Tiles tell of an outage which camera is out; which of its outages is in the list. */
export function idOf(told: Told, listed: readonly Incident[]): string {
  if (told.kind === "complaint") return `complaint:${String(told.reference)}`;
  if (told.kind === "photo") return `photo:${String(told.photo)}`;
  const ended = ({ properties }: Incident): number | undefined => properties.ended_at === null ? undefined : Math.floor(Date.parse(properties.ended_at) / 1000);
  const found = listed.find((one) => one.properties.camera === told.camera && ended(one) === told.ended_at);
  return found?.id ?? `camera:${String(told.camera)}`;
}

/** How many incidents these features of a tile stand for. */
export const counted = (features: readonly { properties: { count?: unknown } }[]): number =>
  features.reduce((sum, { properties: { count } }) => sum + (typeof count === "number" ? count : 1), 0);
