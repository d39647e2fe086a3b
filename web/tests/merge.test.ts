import { describe, expect, it } from "vitest";
import type { Incident } from "@/api/types";
import { merged } from "@/command/merge";

const at = (id: string, time: string, title = ""): Incident =>
  ({ type: "Feature", id, geometry: null, properties: { kind: "photo", time, title } }) as unknown as Incident;
const list = [at("c", "2026-11-03T00:00:00Z"), at("b", "2026-11-02T00:00:00.5Z"), at("a", "2026-11-01T00:00:00Z")];
const ids = (incidents: readonly Incident[]): string[] => incidents.map((one) => one.id);

describe("merged", () => {
  it("puts what is new where its time belongs", () => {
    const changes = new Map([["n", at("n", "2026-11-02T00:00:00.7Z")]]);
    expect(ids(merged(list, changes, 10))).toEqual(["c", "n", "b", "a"]);
  });
  it("replaces what changed and leaves out what is gone", () => {
    const changes = new Map<string, Incident | null>([
      ["b", at("b", "2026-11-02T00:00:00.5Z", "changed")],
      ["c", null],
      ["never", null],
    ]);
    const now = merged(list, changes, 10);
    expect(ids(now)).toEqual(["b", "a"]);
    expect(now[0]?.properties.title).toBe("changed");
  });
  it("never grows beyond the most", () => {
    const changes = new Map([["n", at("n", "2026-11-04T00:00:00Z")]]);
    expect(ids(merged(list, changes, 3))).toEqual(["n", "c", "b"]);
  });
});
