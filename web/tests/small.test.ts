import { describe, expect, it } from "vitest";
import { cutOf } from "@/command/cut";
import { bytes, coordinates, dayStart, instantOf, localOf, metres, relative } from "@/format";
import { CATEGORY_PATHS, categoryPath, PAGE_PATHS, SIGN_PATHS } from "@/icons/paths";
import { boundsOf, circle, shifted } from "@/map/circle";
import { positionIn } from "@/outbox/picture";
import { uuid7 } from "@/outbox/uuid7";
import { footing, placeFor } from "@/send/chosen";
import { english } from "@/texts/en";
import { indonesian } from "@/texts/id";

const NOW = new Date("2026-11-21T10:00:00Z");

describe("uuid7", () => {
  it("carries its time, version and variant, and sorts by time", () => {
    const id = uuid7(Date.UTC(2026, 10, 21), new Uint8Array(10).fill(255));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Date.UTC(2026, 10, 21));
    expect(uuid7(1000) < uuid7(2000)).toBe(true);
    expect(uuid7(1000)).not.toBe(uuid7(1000));
  });
});

describe("words for people", () => {
  it("tell time in both directions and languages", () => {
    expect(relative("2026-11-21T07:00:00Z", NOW, "en")).toBe("3 hr ago");
    expect(relative("2026-11-26T10:00:00Z", NOW, "id")).toBe("dalam 5 hari");
  });

  it("tell lengths, sizes and places", () => {
    expect([metres(12.4, "en"), metres(1250, "id")]).toEqual(["12 m", "1,3 km"]);
    expect([bytes(900, "en"), bytes(2_340_000, "id")]).toEqual(["1 kB", "2,3 MB"]);
    expect(coordinates(113.2171712, -9.1)).toBe("-9.10000, 113.21717");
  });

  it("know when a day begins, also where clocks change", () => {
    expect(dayStart("2026-11-21", "Asia/Jayapura")?.toISOString()).toBe("2026-11-20T15:00:00.000Z");
    expect(dayStart("2026-03-29", "Europe/Berlin", 1)?.toISOString()).toBe("2026-03-29T22:00:00.000Z");
    expect(dayStart("2026-13-99", "Asia/Jakarta")).toBeNull();
  });

  it("know what the clock of a city shows, both ways", () => {
    expect(instantOf("2026-11-21T06:30", "Asia/Jayapura")?.toISOString()).toBe("2026-11-20T21:30:00.000Z");
    expect(localOf(new Date("2026-11-20T21:30:00Z"), "Asia/Jayapura")).toBe("2026-11-21T06:30");
    expect(instantOf("", "Asia/Jakarta")).toBeNull();
  });

  it("are the same sentences in both languages, with the same gaps to fill", () => {
    const gaps = (sentence: string): string[] => sentence.match(/\{\w+\}/g)?.sort() ?? [];
    const flat = (tree: object, at = ""): [string, string[]][] =>
      Object.entries(tree).flatMap(([name, value]: [string, unknown]) =>
        typeof value === "string" ? value.split(" | ").map((form) => [`${at}${name}`, gaps(form)] as [string, string[]]) : flat(value as object, `${at}${name}.`),
      );
    const once = (flattened: [string, string[]][]): Set<string> => new Set(flattened.map(([name, found]) => `${name} ${found.join()}`));
    expect(once(flat(english))).toEqual(once(flat(indonesian)));
  });
});

describe("shapes", () => {
  it("make a circle of the radius asked for", () => {
    const ring = circle(113, -8, 100).geometry.coordinates[0] ?? [];
    expect(ring[0]).toEqual(ring.at(-1));
    const [west, south, east, north] = boundsOf(ring) ?? [0, 0, 0, 0];
    expect((north - south) * 111_195).toBeCloseTo(200, 0);
    expect((east - west) * 111_195 * Math.cos((8 * Math.PI) / 180)).toBeCloseTo(200, 0);
  });

  it("move a point by metres and find no box around nothing", () => {
    const [lon, lat] = shifted(113, -8, 0, 50);
    expect([lon, (lat + 8) * 111_195]).toEqual([113, expect.closeTo(50, 1)]);
    expect(boundsOf([])).toBeNull();
  });

  it("are drawn for every category, sign and button", () => {
    for (const path of Object.values({ ...CATEGORY_PATHS, ...SIGN_PATHS, ...PAGE_PATHS })) expect(path).toMatch(/^M/);
    expect(categoryPath("never drawn")).toBe(CATEGORY_PATHS["other"]);
  });
});

describe("what is left out", () => {
  const answer = { type: "FeatureCollection" as const, features: [], numberReturned: 0, next: null, links: [] };
  const next = [{ rel: "next" as const, type: "", href: "" }];

  it("is said whenever there is more", () => {
    expect(cutOf({ ...answer, links: next, numberMatched: 9, numberMatchedIsEstimate: true })).toEqual({ shown: 0, matched: 9, about: true });
    expect(cutOf({ ...answer, links: next })).toEqual({ shown: 0, matched: null, about: false });
    expect(cutOf(answer)).toBeNull();
  });
});

describe("the place of a picture", () => {
  const young = { exif: null, file: { lastModified: NOW.getTime() - 60_000 } };
  const old = { exif: null, file: { lastModified: NOW.getTime() - 86_400_000 } };

  it("is the pin, then the photo's own, then the device's if it was taken just now", () => {
    expect(footing({ ...old, exif: [1, 2] }, true, true, NOW.getTime())).toBe("pin");
    expect(footing({ ...young, exif: [1, 2] }, false, true, NOW.getTime())).toBe("exif");
    expect(footing(young, false, true, NOW.getTime())).toBe("device");
    expect(footing(old, false, true, NOW.getTime())).toBe("none");
    expect(footing(young, false, false, NOW.getTime())).toBe("none");
  });

  it("is sent as pin or device, and left to the service where the photo says it", () => {
    const device = { lon: 1, lat: 2, accuracyM: 9 };
    expect(placeFor("pin", { lon: 3, lat: 4 }, device)).toEqual({ lon: 3, lat: 4, accuracyM: null, source: "pin" });
    expect(placeFor("device", null, device)).toEqual({ ...device, source: "device" });
    expect(placeFor("exif", null, device)).toBeNull();
  });
});

describe("EXIF", () => {
  /** A JPEG's head with one GPS block, as a phone writes it: big-endian TIFF, degrees, minutes and seconds as fractions. */
  function head(lat: string, lon: string): DataView {
    const view = new DataView(new ArrayBuffer(160));
    let at = 0;
    const put16 = (...values: number[]): void => values.forEach((value) => (view.setUint16(at, value), (at += 2)));
    const put32 = (...values: number[]): void => values.forEach((value) => (view.setUint32(at, value), (at += 4)));
    put16(0xffd8, 0xffe1, 150);
    put32(0x45786966);
    put16(0, 0x4d4d, 42);
    put32(8);
    put16(1, 0x8825, 4);
    put32(1, 26, 0);
    put16(4);
    const entry = (tag: number, kind: number, count: number, value: number): void => (put16(tag, kind), put32(count, value));
    entry(1, 2, 2, lat.charCodeAt(0) << 24);
    entry(2, 5, 3, 80);
    entry(3, 2, 2, lon.charCodeAt(0) << 24);
    entry(4, 5, 3, 104);
    put32(0, 9, 1, 7, 1, 30, 1, 113, 1, 13, 1, 3, 1);
    return view;
  }

  it("gives the position it holds, on either side of the equator", () => {
    expect(positionIn(head("S", "E"))).toEqual([expect.closeTo(113.2175, 4), expect.closeTo(-9.125, 4)]);
    expect(positionIn(head("N", "W"))).toEqual([expect.closeTo(-113.2175, 4), expect.closeTo(9.125, 4)]);
  });

  it("gives nothing for what is no JPEG and does not hang on damage", () => {
    expect(positionIn(new DataView(new ArrayBuffer(64)))).toBeNull();
    const broken = new DataView(head("S", "E").buffer.slice(0, 60));
    expect(() => positionIn(broken)).toThrow(RangeError);
  });
});
