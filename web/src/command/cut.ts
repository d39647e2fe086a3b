import type { Incidents } from "@/api/types";

/** How much of what matches is shown; null when all of it is. */
export interface Cut {
  shown: number;
  matched: number | null;
  about: boolean;
}

export function cutOf(answer: Incidents): Cut | null {
  const more = answer.links.some((link) => link.rel === "next");
  const matched = answer.numberMatched ?? null;
  if (!more && (matched === null || matched <= answer.features.length || answer.numberMatchedIsEstimate)) return null;
  return { shown: answer.features.length, matched, about: answer.numberMatchedIsEstimate ?? false };
}
