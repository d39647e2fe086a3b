/** Lists needed without a network (who I am, categories, areas), kept in IndexedDB and forgotten on sign-out. */
import { get } from "@/api/client";
import { Unreachable } from "@/api/problem";
import { openKept } from "@/outbox/database";

/** Beyond this a network counts as none, if there is a last answer to go on with. */
const PATIENCE_MS = 8_000;

/** Asks the service; without a network, gives the last answer. @throws Unreachable when there is neither. */
export async function getKept<T>(path: string, cache?: "no-cache"): Promise<T> {
  // A browser that keeps nothing (some private windows) still shows what the service says.
  const before = await lastKept<T>(path).catch(() => null);
  try {
    const value = await get<T>(path, before === null ? undefined : AbortSignal.timeout(PATIENCE_MS), cache);
    await keep(path, value).catch((error: unknown) => console.warn("not kept:", error));
    return value;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    if (before === null) throw error;
    return before;
  }
}

/** The last answer for `path` without asking anyone, or null. */
async function lastKept<T>(path: string): Promise<T | null> {
  const row = await (await openKept()).get("answers", path);
  return row === undefined ? null : (row.value as T);
}

export async function keep(path: string, value: unknown): Promise<void> {
  await (await openKept()).put("answers", { path, value });
}

export async function forgetAll(): Promise<void> {
  await (await openKept()).clear("answers");
}
