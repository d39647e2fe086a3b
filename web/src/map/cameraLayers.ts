/** Cameras on the map: a symbol by how they fare, and the ground they see when near or chosen. */
import type { Feature, FeatureCollection, Point } from "geojson";
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { markOf, type CameraBrief } from "@/cameras/shapes";
import type { Palette } from "@/map/palette";
import { cameraSymbol } from "@/map/symbols";
import type { Theme } from "@/session/theme";

const NEAR_ZOOM = 15;
const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

export function cameraSources(): Record<string, SourceSpecification> {
  const plain = (): SourceSpecification => ({ type: "geojson", data: NOTHING });
  return { cameras: plain(), views: plain(), "chosen-view": plain() };
}

/** Below the incidents: the city's complaints come first. */
export function cameraLayers(ink: Palette, theme: Theme): LayerSpecification[] {
  const symbol = ["concat", `${theme}#`, ["get", "symbol"]] as never;
  return [
    { id: "views", type: "fill", source: "views", minzoom: NEAR_ZOOM, paint: { "fill-color": ink.cell, "fill-opacity": 0.12 } },
    { id: "views-line", type: "line", source: "views", minzoom: NEAR_ZOOM, paint: { "line-color": ink.cell, "line-width": 1, "line-opacity": 0.5 } },
    { id: "chosen-view", type: "fill", source: "chosen-view", paint: { "fill-color": ink.chosen, "fill-opacity": 0.38 } },
    { id: "chosen-view-line", type: "line", source: "chosen-view", paint: { "line-color": ink.chosen, "line-width": 2 } },
    {
      id: "cameras",
      type: "symbol",
      source: "cameras",
      layout: {
        "icon-image": symbol,
        "icon-allow-overlap": ["step", ["zoom"], false, 13, true] as never,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 13, 0.8, 16, 1] as never,
        "symbol-sort-key": ["get", "rank"],
      },
    },
  ];
}

const RANK = { out: 0, ill: 1, new: 2, ok: 3, retired: 4 } as const;

/** A point per camera; those that need somebody are drawn before the others are left out. */
export function cameraPoints(cameras: readonly CameraBrief[]): FeatureCollection<Point> {
  const features = cameras.map((one): Feature<Point> => {
    const mark = markOf(one.standing, one.active);
    const geometry: Point = { type: "Point", coordinates: [one.location.lon, one.location.lat] };
    return { type: "Feature", geometry, properties: { id: `camera:${one.id}`, symbol: cameraSymbol(mark), rank: RANK[mark] } };
  });
  return { type: "FeatureCollection", features };
}

export function cameraViews(cameras: readonly CameraBrief[]): FeatureCollection {
  return { type: "FeatureCollection", features: cameras.map((one) => ({ type: "Feature", geometry: one.view.ground, properties: {} })) };
}
