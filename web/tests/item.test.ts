import { describe, expect, it } from "vitest";
import type { Photo } from "@/api/types";
import * as machine from "@/outbox/item";

const NOW = 1_800_000_000_000;
const draft: machine.Draft = {
  accountId: "sari",
  accountName: "Sari",
  fileName: "a.jpg",
  mediaType: "image/jpeg",
  bytes: 100,
  takenAt: null,
  place: null,
  caption: "",
  category: "pothole",
  report: true,
};
const item = machine.make(draft, "id-1", NOW, null);
const photo = (location: Photo["location"]): Photo => ({ id: "id-1", location }) as Photo;
const place = { lon: 113, lat: -9, radius_m: 10, source: "exif" } as const;
const refusal = (status: number, retryAfterS: number | null = null): machine.Failure => ({
  kind: "problem",
  status,
  text: "why",
  retryAfterS,
});

describe("an item of the outbox", () => {
  it("is due for its own account only", () => {
    expect(machine.due(item, "sari", NOW)).toBe(true);
    expect(machine.due(item, "budi", NOW)).toBe(false);
    expect(machine.due(item, null, NOW)).toBe(false);
  });

  it("is done when the service has it, or asks for a pin when nobody knows where it was taken", () => {
    expect(machine.acknowledged(machine.begun(item), photo(place)).state).toBe("sent");
    expect(machine.acknowledged(machine.begun(item), photo(null)).state).toBe("needs_pin");
  });

  it("keeps its id through every failure, so that a repeat doubles nothing", () => {
    const tried = [503, 401, 413].reduce((one, status) => machine.failed(one, refusal(status), NOW, 0.5), item);
    expect(machine.again(tried).id).toBe(item.id);
  });

  it("waits longer after each network failure, but never for more than five minutes", () => {
    let one = item;
    const waits: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      one = machine.failed(machine.begun(one), { kind: "network" }, NOW, 0.999);
      waits.push(one.nextAt - NOW);
      expect(one).toMatchObject({ state: "waiting", pause: "network" });
      expect(machine.due(one, "sari", NOW)).toBe(false);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * 60_000);
  });

  it.each([408, 425, 429, 500, 502, 503, 507])("tries again after %i", (status) => {
    expect(machine.failed(item, refusal(status), NOW, 0).state).toBe("waiting");
  });

  it.each([400, 403, 404, 409, 413, 415, 422])("keeps the service's sentence after %i and waits for a person", (status) => {
    const refused = machine.failed(item, refusal(status), NOW, 0);
    expect(refused).toMatchObject({ state: "refused", problem: "why" });
    expect(machine.due(refused, "sari", NOW + 1e9)).toBe(false);
    expect(machine.due(machine.again(refused), "sari", NOW)).toBe(true);
  });

  it("waits as long as the service asks", () => {
    expect(machine.failed(item, refusal(429, 120), NOW, 0).nextAt).toBe(NOW + 120_000);
  });

  it("waits for its owner to sign in without counting that as a failure", () => {
    const waiting = machine.failed(item, refusal(401), NOW, 0);
    expect(waiting).toMatchObject({ state: "waiting", pause: "sign_in", attempts: 0 });
    expect(machine.due(waiting, "sari", NOW)).toBe(false);
    expect(machine.nextTry([waiting], "sari")).toBeNull();
    expect(machine.due(machine.again(waiting), "sari", NOW)).toBe(true);
  });

  it("says when to wake for the next try", () => {
    const late = machine.failed(item, { kind: "network" }, NOW, 0);
    const sent = machine.acknowledged(item, photo(place));
    expect(machine.nextTry([late, sent], "sari")).toBe(late.nextAt);
    expect(machine.nextTry([sent], "sari")).toBeNull();
    expect(machine.again(sent)).toBe(sent);
  });

  it("counts as unsent until the service has it", () => {
    const states = [item, machine.begun(item), machine.failed(item, refusal(415), NOW, 0)];
    expect(states.map(machine.isUnsent)).toEqual([true, true, true]);
    expect(machine.isUnsent(machine.acknowledged(item, photo(null)))).toBe(false);
  });
});
