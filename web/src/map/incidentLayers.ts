/** Incidents on the map: cells with counts, and single symbols; halos for the chosen, the hovered and the new. */
import type { FeatureCollection } from "geojson";
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Category } from "@/api/types";
import { CELLS, SINGLES, SOURCE } from "@/map/incidentTiles";
import type { Palette } from "@/map/palette";
import type { Theme } from "@/session/theme";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };
/** Nearer than this, tiles are not asked for again but drawn larger. */
const FINEST_TILE = 18;

/** The sources; `tiles` is the address of the vector tiles. */
export function incidentSources(tiles: string): Record<string, SourceSpecification> {
  const plain = (): SourceSpecification => ({ type: "geojson", data: NOTHING });
  const incidents: SourceSpecification = { type: "vector", tiles: [tiles], maxzoom: FINEST_TILE };
  return { [SOURCE]: incidents, chosen: plain(), hovered: plain(), fresh: plain(), around: plain() };
}

export interface Look {
  ink: Palette;
  theme: Theme;
  categories: readonly Category[];
  /** As browsers call it, for numbers. */
  locale: string;
  /** What stands for three zeros behind a number. */
  thousand: string;
}

const COUNT = ["get", "count"];
const LATE = ["==", ["get", "overdue"], true];
/** The overdue share in eighths, never rounded away to none while there is one. */
const OVERDUE = ["coalesce", ["get", "overdue"], 0];
const EIGHTHS = ["case", ["==", OVERDUE, 0], 0, ["max", 1, ["round", ["/", ["*", 8, OVERDUE], COUNT]]]];
const SIZE = ["step", COUNT, 0, 10, 1, 100, 2, 1_000, 3, 10_000, 4];

/** What `symbolName` makes of an incident, out of what its tile tells. */
function symbolOf({ theme, categories }: Look): unknown {
  const other = ["match", ["get", "kind"], "photo", "photo", "other"];
  const icons = categories.flatMap(({ code, icon }) => [code, icon]);
  const icon = icons.length ? ["match", ["coalesce", ["get", "category"], ""], ...icons, other] : other;
  const outage = ["concat", "outage|", ["case", ["has", "ended_at"], "rejected", "overdue"], "|cctv|"];
  const usual = ["concat", ["get", "kind"], "|", ["coalesce", ["get", "status"], "photo"], "|", icon, "|", ["case", LATE, "late", ""]];
  return ["concat", `${theme}#`, ["match", ["get", "kind"], "outage", outage, usual]];
}

function countOf({ locale, thousand }: Look): unknown {
  const written = (number: unknown): unknown => ["number-format", number, { locale, "max-fraction-digits": 0 }];
  return ["case", ["<", COUNT, 10_000], written(COUNT), ["concat", written(["/", COUNT, 1_000]), thousand]];
}

/** A halo: a soft disc with a clear ring, `radius` around a single one. */
function halo(id: string, colour: string, radius: number, opacity: number): LayerSpecification {
  return {
    id,
    type: "circle",
    source: id.replace("-halo", ""),
    paint: {
      "circle-radius": ["+", radius, ["*", 4, SIZE]] as never,
      "circle-color": colour,
      "circle-opacity": opacity,
      "circle-stroke-color": colour,
      "circle-stroke-width": 2.5,
    },
  };
}

export function incidentLayers(look: Look): LayerSpecification[] {
  const { ink, theme } = look;
  const always = { "icon-allow-overlap": true, "icon-ignore-placement": true };
  const cell = ["concat", `${theme}#cell|`, ["to-string", EIGHTHS], "|", ["to-string", SIZE]];
  return [
    { id: "around", type: "fill", source: "around", paint: { "fill-color": ink.chosen, "fill-opacity": 0.16 } },
    { id: "around-line", type: "line", source: "around", paint: { "line-color": ink.chosen, "line-width": 1.5 } },
    halo("fresh-halo", ink.chosen, 24, 0.25),
    halo("hovered-halo", ink.district, 22, 0.3),
    {
      id: "singles",
      type: "symbol",
      source: SOURCE,
      "source-layer": SINGLES,
      layout: { ...always, "icon-image": symbolOf(look) as never, "symbol-sort-key": ["case", LATE, 1, 0] as never },
    },
    {
      id: "cells",
      type: "symbol",
      source: SOURCE,
      "source-layer": CELLS,
      layout: {
        ...always,
        "icon-image": cell as never,
        "symbol-sort-key": COUNT as never,
        "text-field": countOf(look) as never,
        "text-font": ["Label Bold"],
        "text-size": 14,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": ink.cellInk },
    },
    halo("chosen-halo", ink.chosen, 22, 0.35),
    { id: "chosen", type: "symbol", source: "chosen", layout: { ...always, "icon-image": ["concat", `${theme}#`, ["get", "symbol"]] as never, "icon-size": 1.15 } },
  ];
}
