/** One photo on its way to the service, as a state machine. Pure: time and chance are arguments.
 *
 * waiting -> (sending, never stored) -> sent | needs_pin | waiting again, later | refused -> waiting by a person's wish.
 * What is stored says "waiting" until the service has acknowledged, so a page closed at any moment loses nothing, and the
 * id given here makes a repeat harmless.
 */
import type { Photo } from "@/api/types";

export type ItemState = "waiting" | "sending" | "sent" | "needs_pin" | "refused";

export interface Place {
  lon: number;
  lat: number;
  accuracyM: number | null;
  source: "pin" | "device";
}

export interface Draft {
  accountId: string;
  accountName: string;
  fileName: string;
  mediaType: string;
  bytes: number;
  takenAt: string | null;
  place: Place | null;
  caption: string;
  category: string | null;
  report: boolean;
}

export interface Item extends Draft {
  id: string;
  createdAt: number;
  sha256: string | null;
  state: ItemState;
  attempts: number;
  /** Milliseconds since the epoch before which it is not tried again. */
  nextAt: number;
  /** How much of it has gone out, 0 to 1, while sending. */
  share: number;
  /** Why it waits or was refused, in the service's sentence or ours. */
  problem: string | null;
  pause: "network" | "sign_in" | null;
  photo: Photo | null;
  thumb: Blob | null;
}

export type Failure =
  | { kind: "network" }
  | { kind: "problem"; status: number; text: string; retryAfterS: number | null };

const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 5 * 60_000;

export function make(draft: Draft, id: string, now: number, thumb: Blob | null): Item {
  const fresh = { sha256: null, attempts: 0, nextAt: 0, share: 0, problem: null, pause: null, photo: null };
  return { ...draft, ...fresh, id, createdAt: now, state: "waiting", thumb };
}

/** Doubling delay with jitter, so that a crowd of phones does not return at the same second. `chance` in [0, 1). */
export function delayMs(attempts: number, chance: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 20));
  return Math.round(full * (0.5 + chance / 2));
}

/** Whether the service may take the same photo later, as opposed to having judged it. */
function passing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

export const begun = (item: Item): Item => ({ ...item, state: "sending", share: 0, problem: null, pause: null });

export const progressed = (item: Item, share: number): Item => ({ ...item, share: Math.min(1, Math.max(0, share)) });

/** The service has it: durable there, so its bytes may go here. */
export function acknowledged(item: Item, photo: Photo): Item {
  const state = photo.location === null ? "needs_pin" : "sent";
  return { ...item, state, photo, share: 1, problem: null, pause: null };
}

export function failed(item: Item, failure: Failure, now: number, chance: number): Item {
  const attempts = item.attempts + 1;
  const nextAt = now + delayMs(item.attempts, chance);
  const waiting = { ...item, state: "waiting" as const, share: 0 };
  if (failure.kind === "network") return { ...waiting, attempts, nextAt, pause: "network", problem: null };
  if (failure.status === 401) return { ...waiting, nextAt: 0, pause: "sign_in", problem: null };
  if (!passing(failure.status)) return { ...waiting, state: "refused", attempts, problem: failure.text, pause: null };
  const asked = now + (failure.retryAfterS ?? 0) * 1000;
  return { ...waiting, attempts, nextAt: Math.max(nextAt, asked), problem: failure.text, pause: null };
}

/** A person, or the network's return, asks for another try now. */
export function again(item: Item): Item {
  if (item.state !== "refused" && item.state !== "waiting") return item;
  return { ...item, state: "waiting", nextAt: 0, problem: null, pause: null };
}

/** Whether nothing but time keeps it from being sent by this account. */
function waitsForTime(item: Item, accountId: string | null): boolean {
  return item.state === "waiting" && item.pause !== "sign_in" && item.accountId === accountId;
}

/** Whether it can be sent now by this account. */
export function due(item: Item, accountId: string | null, now: number): boolean {
  return waitsForTime(item, accountId) && item.nextAt <= now;
}

/** When the next of these should be tried, or null when none waits for a time. */
export function nextTry(items: readonly Item[], accountId: string | null): number | null {
  const times = items.filter((one) => waitsForTime(one, accountId)).map((one) => one.nextAt);
  return times.length === 0 ? null : Math.min(...times);
}

export const isUnsent = (item: Item): boolean =>
  item.state === "waiting" || item.state === "sending" || item.state === "refused";
