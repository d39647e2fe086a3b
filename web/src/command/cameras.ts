/** The cameras of the map's layer, asked again every now and then while it is shown and looked at. */
import { onScopeDispose, ref, shallowRef, watch, type ComputedRef } from "vue";
import { get } from "@/api/client";
import type { CameraBrief } from "@/cameras/shapes";
import { sentence } from "@/common/sentence";
import { session } from "@/session/session";

const EVERY_MS = 15_000;
const PAGE = 1_000;

interface Page {
  cameras: CameraBrief[];
  next: string | null;
}

export function useCameras(shown: ComputedRef<boolean>, area: ComputedRef<string | null>) {
  const cameras = shallowRef<readonly CameraBrief[]>([]);
  const problem = ref("");
  let flight: AbortController | null = null;
  let timer: number | undefined;

  async function every(signal: AbortSignal): Promise<CameraBrief[]> {
    const found: CameraBrief[] = [];
    let cursor: string | null = null;
    do {
      const asked: URLSearchParams = new URLSearchParams({ limit: String(PAGE), ...(area.value ? { area: area.value } : {}), ...(cursor ? { cursor } : {}) });
      const page: Page = await get<Page>(`cameras?${asked.toString()}`, signal);
      found.push(...page.cameras);
      cursor = page.next;
    } while (cursor !== null);
    return found;
  }
  async function load(): Promise<void> {
    window.clearTimeout(timer);
    flight?.abort();
    const mine = (flight = new AbortController());
    if (!shown.value) return void (cameras.value = []);
    try {
      cameras.value = await every(mine.signal);
      problem.value = "";
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = sentence(error);
    }
    timer = window.setTimeout(() => void load(), EVERY_MS);
  }
  const onVisible = (): void => (document.visibilityState === "visible" ? void load() : window.clearTimeout(timer));
  document.addEventListener("visibilitychange", onVisible);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", onVisible);
    window.clearTimeout(timer);
    flight?.abort();
  });
  watch([shown, area, () => session.me.account?.id], () => void load(), { immediate: true });
  return { cameras, problem };
}
