import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Photo } from "@/api/types";
import type { Draft, Item } from "@/outbox/item";

const upload = vi.fn<(item: Item, file: Blob, progress: (share: number) => void) => Promise<Photo>>();
vi.mock("@/outbox/upload", () => ({ upload }));
vi.mock("@/session/session", () => ({ session: { me: { account: { id: "sari" }, csrf: "c" } }, refreshMe: vi.fn() }));

const draft: Draft = {
  accountId: "sari",
  accountName: "Sari",
  fileName: "a.jpg",
  mediaType: "image/jpeg",
  bytes: 3,
  takenAt: null,
  place: null,
  caption: "",
  category: null,
  report: false,
};
const answer = (item: Item): Photo => ({ id: item.id, location: { lon: 1, lat: 2, radius_m: 3, source: "exif" } }) as Photo;
const file = new Blob(["abc"]);

/** The module as a newly opened page has it: what it knew is gone, what it stored is not. */
async function openPage() {
  vi.resetModules();
  const page = await import("@/outbox/outbox");
  const problems = await import("@/api/problem");
  return { ...page, ...problems };
}

beforeEach(() => {
  upload.mockReset();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("document", { addEventListener: vi.fn(), createElement: vi.fn() });
});

describe("the outbox", () => {
  it("keeps a photo through closed pages and a dead network, sends it once and lets its bytes go", async () => {
    const first = await openPage();
    upload.mockRejectedValue(new first.Unreachable());
    await first.startOutbox();
    await first.add([{ draft, file }]);
    await vi.waitFor(() => expect(first.outbox.value[0]).toMatchObject({ state: "waiting", pause: "network" }));
    const id = first.outbox.value[0]?.id;

    const second = await openPage();
    await second.startOutbox();
    expect(second.outbox.value).toHaveLength(1);
    upload.mockReset().mockImplementation((item) => Promise.resolve(answer(item)));
    await second.sendAgain(id ?? "");
    await vi.waitFor(() => expect(second.outbox.value[0]?.state).toBe("sent"));
    expect(upload.mock.calls.map(([item]) => item.id)).toEqual([id]);
    expect(upload.mock.calls[0]?.[0].sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    const third = await openPage();
    await third.startOutbox();
    await vi.waitFor(() => expect(third.outbox.value[0]?.state).toBe("sent"));
    expect(upload).toHaveBeenCalledTimes(1);
    await third.discard(id ?? "");
    expect(third.outbox.value).toEqual([]);
  });

  it("shows the service's sentence and sends nothing more when a photo is refused", async () => {
    const page = await openPage();
    upload.mockRejectedValue(new page.Problem(415, { code: "unsupported_format", detail: "Kirim JPEG." }, null));
    await page.startOutbox();
    await page.add([{ draft, file }]);
    await vi.waitFor(() => expect(page.outbox.value[0]).toMatchObject({ state: "refused", problem: "Kirim JPEG." }));
    page.wake();
    expect(page.unsent.value).toBe(1);
    expect(upload).toHaveBeenCalledTimes(1);
  });
});
