/** Files of incidents: the ones that download at once, and the ones that the service makes and that wait for a day. */
import { onScopeDispose, ref, shallowRef } from "vue";
import { API, ask, get, post, remove } from "@/api/client";
import type { components } from "@/api/schema";
import { sentence } from "@/common/sentence";

export type Made = components["schemas"]["ExportAnswer"];
export type MadeFormat = "geopackage" | "geoparquet" | "flatgeobuf" | "kmz";
export type SentFormat = "excel" | "csv" | "geojson" | "kml";

export const SENT: readonly SentFormat[] = ["excel", "csv", "geojson", "kml"];
export const MADE: readonly MadeFormat[] = ["geopackage", "geoparquet", "flatgeobuf", "kmz"];

const EVERY_MS = 1_000;
const LISTS = new Set(["category", "status", "kind"]);

/** Where a browser fetches all that fits `params` as this format. */
export function address(format: SentFormat, params: URLSearchParams, language: string): string {
  const asked = new URLSearchParams(params);
  asked.set("format", format === "excel" ? "csv" : format);
  if (format === "excel") asked.set("excel", "true");
  if (format === "excel" || format === "kml") asked.set("language", language);
  return `${API}/incidents/export?${asked.toString()}`;
}

/** The same filters as the body of a request holds them. */
export function filtersOf(params: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...params].map(([name, value]) => [name, LISTS.has(name) ? value.split(",") : name === "overdue" ? value === "true" : value]),
  );
}

export const moving = (one: Made): boolean => one.state === "queued" || one.state === "running";

/** The account's files, watched while one of them is being made. */
export function useMade(language: () => string) {
  const made = shallowRef<readonly Made[]>([]);
  const problem = ref("");
  let timer: number | undefined;
  let over = false;

  async function watch(): Promise<void> {
    window.clearTimeout(timer);
    try {
      made.value = (await get<{ exports: Made[] }>("exports")).exports;
      problem.value = "";
    } catch (error) {
      problem.value = sentence(error);
    }
    if (!over && made.value.some(moving)) timer = window.setTimeout(() => void watch(), EVERY_MS);
  }
  async function done(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      problem.value = sentence(error);
      return;
    }
    await watch();
  }
  const make = (format: MadeFormat, params: URLSearchParams): Promise<void> =>
    done(() => post("exports", { format, filters: filtersOf(params), language: language() }));
  const forget = (one: Made): Promise<void> => done(() => remove(`exports/${one.id}`));

  /** Has the browser save a file, unless it has been withdrawn or may not be had any more: then says why. */
  async function save(one: Made): Promise<void> {
    if (!one.file) return;
    try {
      await ask("GET", one.file, { headers: { Range: "bytes=0-0" }, redirect: "manual" });
    } catch (error) {
      await watch();
      problem.value = sentence(error);
      return;
    }
    const link = document.createElement("a");
    link.href = one.file;
    link.download = one.name;
    link.click();
  }

  onScopeDispose(() => {
    over = true;
    window.clearTimeout(timer);
  });
  return { made, problem, watch, make, save, forget };
}
