import { describe, expect, it } from "vitest";
import type { Incident } from "@/api/types";
import { counted, idOf, tilesOf } from "@/map/incidentTiles";

const CAMERA = "0198c6f0-0000-7000-8000-000000000001";

function outage(id: string, ended_at: string | null): Incident {
  return { type: "Feature", id, geometry: null, properties: { kind: "outage", camera: CAMERA, ended_at } } as unknown as Incident;
}

describe("the map's tiles", () => {
  it("are asked for by the list's own parameters, and have room for their circles", () => {
    const url = new URL(tilesOf("q=jalan+%7Bz%7D&status=received%2Cverified", "http://city.example"));
    expect(url.pathname.replaceAll("%7B", "{").replaceAll("%7D", "}")).toBe("/tiles/incidents/{z}/{x}/{y}.mvt");
    expect(url.searchParams.get("q")).toBe("jalan {z}");
    expect(url.search).not.toContain("{z}");
    expect(url.searchParams.get("status")).toBe("received,verified");
    expect([url.searchParams.get("cells"), url.searchParams.get("singles")]).toEqual(["8", "3"]);
    expect(url.searchParams.get("properties")).toContain("overdue");
  });

  it("name what they show as the list does", () => {
    expect(idOf({ kind: "complaint", reference: "K7M4Q-7XP2T" }, [])).toBe("complaint:K7M4Q-7XP2T");
    expect(idOf({ kind: "photo", photo: "some" }, [])).toBe("photo:some");
  });

  it("find the outage that the list tells of, or lead to the camera", () => {
    const listed = [outage("outage:1", "2026-11-21T10:00:00.400Z"), outage("outage:2", null)];
    expect(idOf({ kind: "outage", camera: CAMERA }, listed)).toBe("outage:2");
    expect(idOf({ kind: "outage", camera: CAMERA, ended_at: Date.parse("2026-11-21T10:00:00Z") / 1000 }, listed)).toBe("outage:1");
    expect(idOf({ kind: "outage", camera: CAMERA, ended_at: 12 }, listed)).toBe(`camera:${CAMERA}`);
  });

  it("count single ones and what their cells count", () => {
    expect(counted([{ properties: {} }, { properties: { count: 41 } }, { properties: { count: 1 } }])).toBe(43);
  });
});
