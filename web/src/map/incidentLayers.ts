/** Incidents on the map: clusters, then single symbols; halos for the chosen, the hovered and the new. */
import type { FeatureCollection } from "geojson";
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Palette } from "@/map/palette";
import type { Theme } from "@/session/theme";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

export function incidentSources(): Record<string, SourceSpecification> {
  const plain = (): SourceSpecification => ({ type: "geojson", data: NOTHING });
  return {
    incidents: {
      type: "geojson",
      data: NOTHING,
      cluster: true,
      clusterRadius: 48,
      clusterMaxZoom: 14,
      clusterProperties: { overdue: ["+", ["get", "overdue"]] },
    },
    chosen: plain(),
    hovered: plain(),
    fresh: plain(),
    around: plain(),
  };
}

/** The overdue share in eighths, never rounded away to none while there is one. */
const EIGHTHS = [
  "case",
  ["==", ["get", "overdue"], 0],
  0,
  ["max", 1, ["round", ["/", ["*", 8, ["get", "overdue"]], ["get", "point_count"]]]],
];
const SIZE = ["step", ["get", "point_count"], 0, 10, 1, 50, 2, 250, 3];

/** A halo: a soft disc with a clear ring. */
function halo(id: string, colour: string, radius: number, opacity: number): LayerSpecification {
  return {
    id,
    type: "circle",
    source: id.replace("-halo", ""),
    paint: {
      "circle-radius": radius,
      "circle-color": colour,
      "circle-opacity": opacity,
      "circle-stroke-color": colour,
      "circle-stroke-width": 2.5,
    },
  };
}

export function incidentLayers(ink: Palette, theme: Theme): LayerSpecification[] {
  const symbol = ["concat", `${theme}#`, ["get", "symbol"]] as never;
  const single = { "icon-image": symbol, "icon-allow-overlap": true, "icon-ignore-placement": true };
  const cluster = ["concat", `${theme}#cluster|`, ["to-string", EIGHTHS], "|", ["to-string", SIZE]] as never;
  return [
    { id: "around", type: "fill", source: "around", paint: { "fill-color": ink.chosen, "fill-opacity": 0.16 } },
    { id: "around-line", type: "line", source: "around", paint: { "line-color": ink.chosen, "line-width": 1.5 } },
    halo("fresh-halo", ink.chosen, 24, 0.25),
    halo("hovered-halo", ink.district, 22, 0.3),
    {
      id: "incidents",
      type: "symbol",
      source: "incidents",
      filter: ["!", ["has", "point_count"]],
      layout: { ...single, "symbol-sort-key": ["get", "overdue"] },
    },
    {
      id: "clusters",
      type: "symbol",
      source: "incidents",
      filter: ["has", "point_count"],
      layout: {
        "icon-image": cluster,
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": ["Label Bold"],
        "text-size": 14,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": ink.clusterInk },
    },
    halo("chosen-halo", ink.chosen, 22, 0.35),
    { id: "chosen", type: "symbol", source: "chosen", layout: { ...single, "icon-size": 1.15 } },
  ];
}
