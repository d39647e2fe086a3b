/** The ground under everything: sea, land, roads and names, all from the service's own areas and roads. */
import type { Feature, FeatureCollection, Point } from "geojson";
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { AreaCollection, RoadCollection } from "@/api/types";
import type { Palette } from "@/map/palette";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };
const source = (): SourceSpecification => ({ type: "geojson", data: NOTHING });

export interface Ground {
  districts: AreaCollection;
  villages: AreaCollection;
  roads: RoadCollection;
}

/** One point per area for its name: a multipolygon would repeat it. */
export function labelPoints(areas: AreaCollection): FeatureCollection<Point> {
  const features = areas.features.map(({ properties }): Feature<Point> => {
    const { code, name, lon, lat, area_m2 } = properties;
    return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { code, name, size: -area_m2 } };
  });
  return { type: "FeatureCollection", features };
}

/** The data of each source of the ground, by name. */
export function groundData(ground: Ground): Record<string, FeatureCollection> {
  return {
    districts: ground.districts,
    villages: ground.villages,
    roads: ground.roads,
    "district-names": labelPoints(ground.districts),
    "village-names": labelPoints(ground.villages),
  };
}

function roadLayers(ink: Palette): LayerSpecification[] {
  const width = (scale: number): ["interpolate", ["exponential", number], ["zoom"], ...unknown[]] => {
    const by = (trunk: number, primary: number, other: number): unknown[] => [
      "match",
      ["get", "road_class"],
      "trunk",
      trunk * scale,
      ["primary", "secondary"],
      primary * scale,
      other * scale,
    ];
    return ["interpolate", ["exponential", 1.5], ["zoom"], 8, by(1.1, 0.6, 0), 12, by(2.6, 1.6, 0.5), 16, by(11, 8, 5)];
  };
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  const colour = ["match", ["get", "road_class"], "trunk", ink.trunk, ink.road];
  return [
    { id: "road-edges", type: "line", source: "roads", minzoom: 10, layout, paint: { "line-color": ink.roadEdge, "line-width": width(1.5) as never } },
    { id: "roads", type: "line", source: "roads", layout, paint: { "line-color": colour as never, "line-width": width(1) as never } },
  ];
}

function nameLayers(ink: Palette): LayerSpecification[] {
  const paint = { "text-halo-color": ink.halo, "text-halo-width": 1.4, "text-halo-blur": 0.5 };
  return [
    {
      id: "road-names",
      type: "symbol",
      source: "roads",
      minzoom: 13.5,
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": ["Label Semibold"], "text-size": 11, "symbol-spacing": 350 },
      paint: { ...paint, "text-color": ink.labelQuiet },
    },
    {
      id: "village-names",
      type: "symbol",
      source: "village-names",
      minzoom: 11,
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["Label Semibold"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 11, 10.5, 15, 14],
        "text-max-width": 7,
        "text-padding": 6,
        "symbol-sort-key": ["get", "size"],
      },
      paint: { ...paint, "text-color": ink.labelQuiet },
    },
    {
      id: "district-names",
      type: "symbol",
      source: "district-names",
      maxzoom: 12.5,
      layout: {
        "text-field": ["upcase", ["get", "name"]],
        "text-font": ["Label Bold"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, 9.5, 12, 14],
        "text-letter-spacing": 0.08,
        "text-max-width": 8,
        "text-padding": 4,
        "symbol-sort-key": ["get", "size"],
      },
      paint: { ...paint, "text-color": ink.label },
    },
  ];
}

/** Layers below and above which a page puts its own; colours from `ink`. */
export function groundLayers(ink: Palette): { under: LayerSpecification[]; names: LayerSpecification[] } {
  const under: LayerSpecification[] = [
    { id: "sea", type: "background", paint: { "background-color": ink.sea } },
    { id: "land", type: "fill", source: "districts", paint: { "fill-color": ink.land, "fill-antialias": false } },
    {
      id: "village-lines",
      type: "line",
      source: "villages",
      minzoom: 10,
      paint: { "line-color": ink.village, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 14, 1.4] },
    },
    ...roadLayers(ink),
    {
      id: "district-lines",
      type: "line",
      source: "districts",
      layout: { "line-join": "round" },
      paint: {
        "line-color": ink.district,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 13, 2],
        "line-dasharray": [3, 1.5],
      },
    },
  ];
  return { under, names: nameLayers(ink) };
}

/** A whole style without glyphs or sprites: letters are drawn from the page's own fonts, symbols by the page. */
export function styleOf(layers: LayerSpecification[], extra: Record<string, SourceSpecification> = {}): StyleSpecification {
  const names = ["districts", "villages", "roads", "district-names", "village-names"];
  const sources = Object.fromEntries(names.map((name) => [name, source()]));
  return { version: 8, sources: { ...sources, ...extra }, layers };
}
