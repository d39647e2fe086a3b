/** What lies under the pointer. */
import type { Point } from "geojson";
import type { Map as LibreMap, MapGeoJSONFeature, MapMouseEvent } from "maplibre-gl";
import type { Incident } from "@/api/types";
import { idOf, type Told } from "@/map/incidentTiles";
import type { Spot } from "@/map/spot";

/** A cell of one zoom fills the map two or three zooms nearer; from zoom 17 on there are none. */
const NEARER = 2;
const NEAREST = 17;

interface Ears {
  /** The incidents of the list. */
  listed: () => readonly Incident[];
  /** An incident or a camera was clicked. */
  chosen: (id: string) => void;
  /** A cell was clicked: what it counts is better seen from here. */
  near: (lon: number, lat: number, zoom: number) => void;
  /** The pointer is over this incident, or over none. */
  over: (spot: Spot | null) => void;
}

export const placeOf = (hit: MapGeoJSONFeature): [number, number] => (hit.geometry as Point).coordinates as [number, number];

export function usePointer(ears: Ears): { follow: (map: LibreMap) => void } {
  function click(map: LibreMap, event: MapMouseEvent): void {
    const [hit] = map.queryRenderedFeatures(event.point, { layers: ["singles", "cells", "cameras"] });
    if (hit?.layer.id === "cells") ears.near(...placeOf(hit), Math.min(map.getZoom() + NEARER, NEAREST));
    else if (hit) ears.chosen(hit.layer.id === "cameras" ? String(hit.properties["id"]) : idOf(hit.properties as Told, ears.listed()));
  }
  function move(map: LibreMap, event: MapMouseEvent): void {
    const [hit] = map.queryRenderedFeatures(event.point, { layers: ["singles", "cells", "cameras"] });
    map.getCanvas().style.cursor = hit ? "pointer" : "";
    ears.over(hit?.layer.id === "singles" ? spotOf(hit, ears.listed()) : null);
  }
  function follow(map: LibreMap): void {
    map.on("click", (event) => click(map, event));
    map.on("mousemove", (event) => move(map, event));
    map.on("mouseout", () => ears.over(null));
  }
  return { follow };
}

function spotOf(hit: MapGeoJSONFeature, listed: readonly Incident[]): Spot {
  const [lon, lat] = placeOf(hit);
  const told = hit.properties as Told;
  return { id: idOf(told, listed), lon, lat, radius_m: 0, kind: told.kind, status: null, category: null, overdue: false, ended_at: null };
}
