/** The incidents that fit the filters, asked again every few seconds while the page is looked at. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef } from "vue";
import { ask } from "@/api/client";
import type { Incident, Incidents } from "@/api/types";
import { sentence } from "@/common/sentence";
import { cutOf, type Cut } from "@/command/cut";
import { toParams, type Filters } from "@/command/filters";
import { zone } from "@/session/session";

const EVERY_MS = 5_000;
export const MOST = 5_000;

export function useFeed(filters: ComputedRef<Filters>) {
  const incidents = shallowRef<readonly Incident[]>([]);
  const cut = shallowRef<Cut | null>(null);
  const fresh = shallowRef<ReadonlySet<string>>(new Set());
  const problem = ref("");
  const loading = ref(true);
  let known = new Set<string>();
  let etag: string | null = null;
  let asked = "";
  let flight: AbortController | null = null;
  let timer: number | undefined;

  function take(answer: Incidents, again: boolean): void {
    const ids = new Set(answer.features.map((one) => one.id));
    if (again) {
      const added = [...ids].filter((id) => !known.has(id));
      if (added.length > 0) fresh.value = new Set([...fresh.value, ...added].filter((id) => ids.has(id)));
    } else fresh.value = new Set();
    known = again ? new Set([...known, ...ids]) : ids;
    incidents.value = answer.features;
    cut.value = cutOf(answer);
  }

  async function load(): Promise<void> {
    window.clearTimeout(timer);
    flight?.abort();
    const mine = (flight = new AbortController());
    const params = toParams(filters.value, new Date(), zone.value);
    const question = JSON.stringify(filters.value);
    const again = question === asked;
    params.set("limit", String(MOST));
    params.set("count", "estimate");
    try {
      const headers: Record<string, string> = again && etag !== null ? { "If-None-Match": etag } : {};
      const answer = await ask("GET", `incidents?${params.toString()}`, { signal: mine.signal, headers });
      if (answer.status !== 304) {
        take((await answer.json()) as Incidents, again);
        etag = answer.headers.get("ETag");
        asked = question;
      }
      problem.value = "";
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = sentence(error);
    }
    if (mine.signal.aborted) return;
    loading.value = false;
    if (document.visibilityState === "visible") timer = window.setTimeout(() => void load(), EVERY_MS);
  }

  const onVisible = (): void => {
    if (document.visibilityState === "visible") void load();
    else window.clearTimeout(timer);
  };
  document.addEventListener("visibilitychange", onVisible);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", onVisible);
    window.clearTimeout(timer);
    flight?.abort();
  });
  watch(
    () => JSON.stringify(filters.value),
    () => {
      loading.value = true;
      void load();
    },
    { immediate: true },
  );

  const unplaced = computed(() => incidents.value.filter((one) => one.geometry === null).length);
  const seen = (): void => void (fresh.value = new Set());
  return { incidents, cut, fresh, problem, loading, unplaced, load, seen };
}
