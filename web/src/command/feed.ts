/** The newest incidents that fit the filters: asked once, then kept as the stream tells; asked again and again without
 * it. The map, which shows all of them, hears of the question and of every change. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef } from "vue";
import { ask, get } from "@/api/client";
import type { Incident, Incidents } from "@/api/types";
import { sentence } from "@/common/sentence";
import { cutOf, type Cut } from "@/command/cut";
import { toParams, type Filters } from "@/command/filters";
import { LiveLink, type LinkState } from "@/command/live";
import { merged } from "@/command/merge";
import { zone } from "@/session/session";

const EVERY_MS = 5_000;
/** A tab that nobody looks at lets go of its stream after so long; browsers allow few to one address. */
const HIDDEN_MS = 10_000;
const HOUR_MS = 3_600_000;
const PATIENCE_MS = 500;
/** How many there are beside those in the list is asked for again at most so often. */
const COUNT_MS = 10_000;
const MOST = 1_000;

export function useFeed(filters: ComputedRef<Filters>) {
  const incidents = shallowRef<readonly Incident[]>([]);
  const cut = shallowRef<Cut | null>(null);
  const fresh = shallowRef<ReadonlySet<string>>(new Set());
  const problem = ref("");
  const loading = ref(true);
  const state = ref<LinkState>("waiting");
  /** The parameters that ask for what fits, and a number that grows whenever something of it changed. */
  const question = ref("");
  const turn = ref(0);
  let known = new Set<string>();
  let etag: string | null = null;
  let asked = "";
  let flight: AbortController | null = null;
  let link: LiveLink | null = null;
  /** What was told while the list was under way: it may be newer than that list. */
  let meanwhile = new Map<string, Incident | null>();
  let hidden = false;
  const timers = { poll: 0, hide: 0, hour: 0, count: 0 };

  function notice(ids: ReadonlySet<string>): void {
    const added = [...ids].filter((id) => !known.has(id));
    if (added.length > 0) fresh.value = new Set([...fresh.value, ...added].filter((id) => ids.has(id)));
    known = new Set([...known, ...ids]);
  }
  function take(answer: Incidents, again: boolean): void {
    const list = merged(answer.features, meanwhile, MOST);
    const ids = new Set(list.map((one) => one.id));
    turn.value++;
    if (again) notice(ids);
    else {
      fresh.value = new Set();
      known = ids;
    }
    incidents.value = list;
    cut.value = cutOf(answer);
  }
  function told(changes: ReadonlyMap<string, Incident | null>): void {
    turn.value++;
    if (flight) meanwhile = new Map([...meanwhile, ...changes]);
    if (loading.value) return;
    incidents.value = merged(incidents.value, changes, MOST);
    recount();
    notice(new Set(incidents.value.map((one) => one.id)));
  }

  /** How many there are, once the list holds only some of them and they change. */
  function recount(): void {
    if (cut.value === null || timers.count) return;
    const of = question.value;
    timers.count = window.setTimeout(async () => {
      timers.count = 0;
      const answer = await get<Incidents>(`incidents?limit=1&count=estimate&${of}`).catch(() => null);
      if (!answer || of !== question.value) return;
      cut.value = { shown: incidents.value.length, matched: answer.numberMatched ?? null, about: answer.numberMatchedIsEstimate ?? false };
    }, COUNT_MS);
  }

  async function load(): Promise<void> {
    window.clearTimeout(timers.poll);
    flight?.abort();
    const mine = (flight = new AbortController());
    meanwhile = new Map();
    const params = toParams(filters.value, new Date(), zone.value);
    const question = JSON.stringify(filters.value);
    const again = question === asked;
    params.set("limit", String(MOST));
    params.set("count", "estimate");
    try {
      const headers: Record<string, string> = again && etag !== null && state.value === "off" ? { "If-None-Match": etag } : {};
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
    flight = null;
    loading.value = false;
    poll();
  }
  /** While there is no stream, and while the list itself could not be had. */
  function poll(): void {
    window.clearTimeout(timers.poll);
    if ((state.value === "off" || problem.value) && document.visibilityState === "visible") {
      timers.poll = window.setTimeout(() => void load(), EVERY_MS);
    }
  }

  function follow(): void {
    link?.pause();
    window.clearTimeout(timers.hour);
    const params = toParams(filters.value, new Date(), zone.value);
    question.value = params.toString();
    link = new LiveLink(params, {
      anew: () => void load(),
      told,
      state: (to) => {
        state.value = to;
        if (to === "off" && !flight) void load();
      },
    });
    link.open();
    // "The last day" begins anew with each hour.
    if (filters.value.preset) timers.hour = window.setTimeout(follow, HOUR_MS - (Date.now() % HOUR_MS) + 1_000);
  }

  const onVisible = (): void => {
    window.clearTimeout(timers.hide);
    if (document.visibilityState === "visible") {
      if (hidden) link?.open();
      hidden = false;
      poll();
    } else {
      window.clearTimeout(timers.poll);
      timers.hide = window.setTimeout(() => {
        hidden = true;
        link?.pause();
      }, HIDDEN_MS);
    }
  };
  document.addEventListener("visibilitychange", onVisible);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", onVisible);
    for (const timer of Object.values(timers)) window.clearTimeout(timer);
    link?.pause();
    flight?.abort();
  });
  watch(
    () => JSON.stringify(filters.value),
    () => {
      loading.value = true;
      flight?.abort();
      follow();
      // The list is asked for when the stream stands, so that nothing falls between them, or without it.
      window.clearTimeout(timers.poll);
      timers.poll = window.setTimeout(() => void load(), PATIENCE_MS);
    },
    { immediate: true },
  );

  const unplaced = computed(() => incidents.value.filter((one) => one.geometry === null).length);
  const seen = (): void => void (fresh.value = new Set());
  return { incidents, cut, fresh, problem, loading, unplaced, state, question, turn, load, follow, seen };
}
