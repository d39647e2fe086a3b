import { describe, expect, it } from "vitest";
import { changesOf, draftOf } from "@/cameras/draft";
import type { Camera } from "@/cameras/shapes";
import { lines } from "@/cameras/strip";
import { ahead, dragged, handleAt, sector, stepped, toward, wind, type View } from "@/cameras/sector";
import { readNumber } from "@/permits/number";

const VIEW: View = { lon: 113.2, lat: -7.9, bearing_deg: 350, fov_deg: 80, range_m: 40 };

describe("a camera's view", () => {
  it("finds the way back to what it shows", () => {
    const [lon, lat] = ahead(VIEW, 123, 37);
    const back = toward(VIEW, lon, lat);
    expect(back.bearing).toBeCloseTo(123, 1);
    expect(back.metres).toBeCloseTo(37, 1);
  });
  it("stays as it is when a handle is put where it was", () => {
    for (const handle of ["far", "left", "right"] as const) {
      const same = dragged(VIEW, handle, ...handleAt(VIEW, handle));
      expect([same.bearing_deg, same.fov_deg, same.range_m].map(Math.round)).toEqual([350, 80, 40]);
    }
  });
  it("turns over north and stops at its bounds", () => {
    expect(dragged(VIEW, "far", ...ahead(VIEW, 10, 25))).toMatchObject({ bearing_deg: 10, range_m: 25, fov_deg: 80 });
    expect(dragged(VIEW, "far", ...ahead(VIEW, 10, 9_000)).range_m).toBe(300);
    expect(dragged(VIEW, "right", ...ahead(VIEW, 345, 25)).fov_deg).toBe(10);
    expect(dragged(VIEW, "left", ...ahead(VIEW, 260, 25)).fov_deg).toBe(180);
  });
  it("obeys the keys", () => {
    expect(stepped(VIEW, "far", 15, 0).bearing_deg).toBe(5);
    expect(stepped(VIEW, "left", -5, 0).fov_deg).toBe(90);
    expect(stepped(VIEW, "right", 0, -5).fov_deg).toBe(70);
  });
  it("is a closed ring from its foot, and a circle without one", () => {
    const ring = sector(VIEW).geometry.coordinates[0] ?? [];
    expect(ring[0]).toEqual([113.2, -7.9]);
    expect(ring.at(-1)).toEqual(ring[0]);
    expect(sector({ ...VIEW, fov_deg: 360 }).geometry.coordinates[0]).not.toContainEqual([113.2, -7.9]);
  });
  it("names its wind", () => {
    expect([0, 44, 90, 350, -90].map(wind)).toEqual(["n", "ne", "e", "n", "w"]);
  });
});

describe("a camera that is changed", () => {
  const was = {
    name: "Depan", interval_s: 60, keep_days: 30, sharing: "live", shared_with: null, permit: null, reach: null, version: 4,
    location: { lon: 113.2, lat: -7.9 }, view: { bearing_deg: 10, fov_deg: 80, range_m: 40, height_m: null },
  } as unknown as Camera;
  const changed = (view: Partial<View>, view_since: string): Record<string, unknown> => {
    const draft = draftOf(was);
    return changesOf({ ...draft, view: { ...VIEW, ...draft.view, ...view }, view_since }, was, "Asia/Makassar");
  };
  it("says since when it looks elsewhere, by the city's clock", () => {
    expect(changed({ bearing_deg: 90 }, "2026-11-20T07:30")).toEqual({ bearing_deg: 90, view_since: "2026-11-19T23:30:00.000Z", version: 4 });
    expect(changed({ bearing_deg: 90 }, "")).toEqual({ bearing_deg: 90, version: 4 });
  });
  it("takes a height back, and writes one as the page does", () => {
    const high = { ...was, view: { ...was.view, height_m: 3.5 } } as Camera;
    expect([draftOf(high).height, draftOf(high, "", "en").height]).toEqual(["3,5", "3.5"]);
    expect(changesOf(draftOf(high), high, "Asia/Jakarta")).toEqual({ version: 4 });
    expect(changesOf({ ...draftOf(high), height: "" }, high, "Asia/Jakarta")).toEqual({ height_m: null, version: 4 });
    expect(changesOf({ ...draftOf(high), height: "4,25" }, high, "Asia/Jakarta")).toEqual({ height_m: 4.25, version: 4 });
  });
  it("says nothing of the kind while it looks where it did", () => {
    expect(changed({}, "2026-11-20T07:30")).toEqual({ version: 4 });
  });
});

describe("a permit's number as it is typed", () => {
  const read = (typed: string) => readNumber(typed, "2026-11-22");
  it("reads district and day out of a PBG, however it is written", () => {
    expect(read(" pbg-351021-17082024-01 ")).toEqual({ kind: "pbg", district: "35.10.21", issued: "2024-08-17" });
    expect(read("SK-PBG-990101-01012026-001")).toMatchObject({ kind: "pbg", district: "99.01.01" });
  });
  it("waits while it may still become one, and says when it cannot", () => {
    for (const typed of ["P", "PBG", "SK-", "PBG-35", "PBG-351021-1708", "PBG-351021-17082024-0"]) expect(read(typed).kind).toBe("unfinished");
    for (const typed of ["PBG 351021", "PBG-35102-17082024-01", "PBG-351021-17082024-0001"]) expect(read(typed).kind).toBe("misshapen");
  });
  it("refuses days that were never or are still to come", () => {
    for (const typed of ["PBG-351021-31022024-01", "PBG-351021-00012024-01", "PBG-351021-23112026-01"]) expect(read(typed).kind).toBe("no-day");
  });
  it("takes anything else as an older number", () => {
    expect(read("640/1234/IMB/2009").kind).toBe("imb");
    expect(read("  ").kind).toBe("empty");
  });
});

describe("lines of an answer", () => {
  it("come whole, wherever the network cuts", async () => {
    const bytes = new TextEncoder().encode('{"a":"jalan é"}\n{"b":2}\n\n{"c":3}');
    const body = new ReadableStream<Uint8Array>({
      start(out) {
        for (let at = 0; at < bytes.length; at += 5) out.enqueue(bytes.slice(at, at + 5));
        out.close();
      },
    });
    const found: string[] = [];
    for await (const line of lines(body)) found.push(line);
    expect(found).toEqual(['{"a":"jalan é"}', '{"b":2}', '{"c":3}']);
  });
});
