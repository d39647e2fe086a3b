import { readFileSync } from "node:fs";
import { VectorTile, type VectorTileFeature } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { describe, expect, it } from "vitest";

// Written by tests/geo/test_mvt.py, which holds it to what the server writes today.
const tile = new VectorTile(new PbfReader(readFileSync(new URL("../../tests/geo/tile.mvt", import.meta.url))));

function features(name: string): VectorTileFeature[] {
  const layer = tile.layers[name];
  if (layer === undefined) throw new Error(`no layer ${name}`);
  return Array.from({ length: layer.length }, (_, at) => layer.feature(at));
}

function rings(feature: VectorTileFeature | undefined): number[][][] {
  const geometry = feature?.toGeoJSON(416, 267, 9).geometry;
  if (geometry?.type !== "Polygon") throw new Error(`a ${geometry?.type}`);
  return geometry.coordinates;
}

describe("a tile of ours in the reader of map clients", () => {
  it("holds the layers that have features", () => {
    expect(Object.keys(tile.layers)).toEqual(["complaints", "areas"]);
    expect(tile.layers["complaints"]?.version).toBe(2);
    expect(tile.layers["complaints"]?.extent).toBe(4096);
  });

  it("tells points with what they have, and nothing where they have nothing", () => {
    const found = features("complaints");
    expect(found.map((one) => one.loadGeometry().flat().map(({ x, y }) => [x, y]))).toEqual([
      [[0, 4095]],
      [[17, 300]],
      [[4095, 0]],
    ]);
    expect(found.map((one) => one.id)).toEqual([1, 2 ** 40, 3]);
    expect(found.map((one) => one.properties)).toEqual([
      { status: "received", title: "Lubang di Jl. Melati", due_at: 1790000000, radius_m: 12.5, open: true },
      { title: "é", due_at: -5, open: false },
      { status: "received", radius_m: 1e9, open: true },
    ]);
  });

  it("tells a hole from another polygon, and cuts to the buffer", () => {
    const [hole, cut] = features("areas");
    expect(rings(hole)).toHaveLength(2);
    const west = Math.min(...rings(cut).flat().map((place) => place[0] ?? NaN));
    expect(west).toBeCloseTo(112.5 - (64 / 4096) * (360 / 512), 4);
  });
});
