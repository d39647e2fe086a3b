/** The outbox: saved on the device first, sent in the background, one at a time, never lost and never doubled. */
import { computed, shallowRef } from "vue";
import { patch } from "@/api/client";
import { Problem, Unreachable } from "@/api/problem";
import type { Photo } from "@/api/types";
import { openKept } from "@/outbox/database";
import * as machine from "@/outbox/item";
import type { Draft, Failure, Item, Place } from "@/outbox/item";
import { likeness, sha256 } from "@/outbox/picture";
import { upload } from "@/outbox/upload";
import { uuid7 } from "@/outbox/uuid7";
import { refreshMe, session } from "@/session/session";

const KEPT_SENT_MS = 7 * 24 * 3_600_000;
const items = shallowRef<readonly Item[]>([]);
const others = new BroadcastChannel("pantau-outbox");
let timer: number | undefined;
let running = false;
let wanted = false;

export const outbox = computed(() => items.value);
export const unsent = computed(() => items.value.filter(machine.isUnsent).length);

const me = (): string | null => session.me.account?.id ?? null;
const find = (id: string): Item | undefined => items.value.find((one) => one.id === id);

async function reload(): Promise<void> {
  const sending = new Map(items.value.filter((one) => one.state === "sending").map((one) => [one.id, one]));
  const stored = await (await openKept()).getAllFromIndex("items", "created");
  items.value = stored.map((one) => sending.get(one.id) ?? one).reverse();
}

function show(item: Item): void {
  items.value = items.value.map((one) => (one.id === item.id ? item : one));
}

/** Stores a change, unless the item was discarded meanwhile, and tells other open pages. */
async function settle(item: Item): Promise<void> {
  const writing = (await openKept()).transaction("items", "readwrite");
  if ((await writing.store.getKey(item.id)) !== undefined) void writing.store.put(item);
  await writing.done;
  show(item);
  others.postMessage("changed");
}

export async function startOutbox(): Promise<void> {
  await reload();
  others.onmessage = () => void reload();
  window.addEventListener("online", retryAll);
  document.addEventListener("visibilitychange", () => wake());
  await tidy();
  retryAll();
}

/** Puts pictures into the outbox; they are on the device when this returns. @throws DOMException when it is full. */
export async function add(drafts: readonly { draft: Draft; file: Blob }[]): Promise<void> {
  await navigator.storage?.persist?.();
  const made = await Promise.all(
    drafts.map(async ({ draft, file }) => {
      const now = Date.now();
      return { file, item: machine.make(draft, uuid7(now), now, await likeness(file)) };
    }),
  );
  const writing = (await openKept()).transaction(["items", "bytes"], "readwrite");
  for (const { file, item } of made) {
    void writing.objectStore("items").put(item);
    void writing.objectStore("bytes").put({ id: item.id, file });
  }
  await writing.done;
  await reload();
  others.postMessage("changed");
  wake();
}

/** Sends what is due; called whenever that may have changed. One page sends at a time. */
export function wake(): void {
  wanted = true;
  if (running) return;
  running = true;
  window.clearTimeout(timer);
  const work = async (): Promise<void> => {
    while (wanted) {
      wanted = false;
      await reload();
      await sendDue();
    }
  };
  const alone = "locks" in navigator ? navigator.locks.request("pantau-outbox", work) : work();
  void alone
    .catch((error: unknown) => console.warn("outbox:", error))
    .finally(() => {
      running = false;
      const next = machine.nextTry(items.value, me());
      if (next !== null) timer = window.setTimeout(wake, Math.max(1000, next - Date.now()));
    });
}

async function sendDue(): Promise<void> {
  for (const { id } of [...items.value].reverse()) {
    const item = find(id);
    if (item && machine.due(item, me(), Date.now())) await send(item);
  }
}

async function send(item: Item): Promise<void> {
  const kept = await (await openKept()).get("bytes", item.id);
  if (kept === undefined) return;
  const hashed = item.sha256 === null ? { ...item, sha256: await sha256(kept.file) } : item;
  show(machine.begun(hashed));
  try {
    const photo = await uploadOnce(hashed, kept.file);
    await settle(machine.acknowledged(hashed, photo));
    await (await openKept()).delete("bytes", item.id);
  } catch (error) {
    await settle(machine.failed(hashed, failure(error), Date.now(), Math.random()));
    if (error instanceof Problem && error.status === 401) await refreshMe();
  }
}

/** A 403 may only mean that the CSRF token is of an earlier session: ask for a new one and try once more. */
async function uploadOnce(item: Item, file: Blob): Promise<Photo> {
  const progress = (share: number): void => show(machine.progressed(machine.begun(item), share));
  const before = session.me.csrf;
  try {
    return await upload(item, file, progress);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 403)) throw error;
    await refreshMe();
    if (session.me.csrf === before) throw error;
    return await upload(item, file, progress);
  }
}

function failure(error: unknown): Failure {
  if (error instanceof Problem) {
    return { kind: "problem", status: error.status, text: error.message, retryAfterS: error.retryAfterS };
  }
  if (error instanceof Unreachable) return { kind: "network" };
  // A fault of this page: the photo stays and is tried again like after a fault of the service, and says why.
  return { kind: "problem", status: 500, text: String(error), retryAfterS: null };
}

/** The network is back, someone signed in, or the page was opened: whatever waits is tried now. */
export function retryAll(): void {
  void Promise.all(items.value.filter((one) => one.state === "waiting").map((one) => settle(machine.again(one)))).then(wake);
}

export async function sendAgain(id: string): Promise<void> {
  const item = find(id);
  if (item) await settle(machine.again(item));
  wake();
}

/** Sets the pin of a photo that the service has, which places and ties it anew. */
export async function setPin(id: string, place: Place): Promise<void> {
  const item = find(id);
  if (item?.photo == null) return;
  const body = { lon: place.lon, lat: place.lat, ...(place.accuracyM === null ? {} : { accuracy_m: place.accuracyM }) };
  await settle(machine.acknowledged(item, await patch<Photo>(`photos/${item.photo.id}`, body)));
}

/** Takes an item off this device, sent or not. */
export async function discard(id: string): Promise<void> {
  const writing = (await openKept()).transaction(["items", "bytes"], "readwrite");
  void writing.objectStore("items").delete(id);
  void writing.objectStore("bytes").delete(id);
  await writing.done;
  await reload();
  others.postMessage("changed");
}

async function tidy(): Promise<void> {
  const old = items.value.filter((one) => one.state === "sent" && one.createdAt < Date.now() - KEPT_SENT_MS);
  for (const item of old) await discard(item.id);
}
