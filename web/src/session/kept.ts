/** Lists needed without a network (who I am, categories, areas), kept in IndexedDB and forgotten on sign-out. */
import { get } from "@/api/client";
import { Unreachable } from "@/api/problem";
import { openKept } from "@/outbox/database";

export interface Kept<T> {
  value: T;
  /** True when the service was out of reach and this is what was known last. */
  old: boolean;
}

/** Asks the service; without a network, gives the last answer. @throws Unreachable when there is neither. */
export async function getKept<T>(path: string): Promise<Kept<T>> {
  try {
    const value = await get<T>(path);
    await keep(path, value);
    return { value, old: false };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const last = await lastKept<T>(path);
    if (last === null) throw error;
    return { value: last, old: true };
  }
}

/** The last answer for `path` without asking anyone, or null. */
export async function lastKept<T>(path: string): Promise<T | null> {
  const row = await (await openKept()).get("answers", path);
  return row === undefined ? null : (row.value as T);
}

export async function keep(path: string, value: unknown): Promise<void> {
  await (await openKept()).put("answers", { path, value });
}

export async function forgetAll(): Promise<void> {
  await (await openKept()).clear("answers");
}
