/** What the list becomes when incidents change. Pure. */
import type { Incident } from "@/api/types";

/** The list, newest first and at most `most` long, with these changed, new or (null) gone. */
export function merged(list: readonly Incident[], changes: ReadonlyMap<string, Incident | null>, most: number): readonly Incident[] {
  const kept = list.filter((one) => !changes.has(one.id));
  const coming = [...changes.values()].filter((one) => one !== null);
  if (coming.length === 0) return kept;
  const time = (one: Incident): number => Date.parse(one.properties.time);
  return [...kept, ...coming].sort((a, b) => time(b) - time(a)).slice(0, most);
}
