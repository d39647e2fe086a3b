/** What the map shows of the incidents at this moment. */
import type { Map as LibreMap, MapGeoJSONFeature, MapSourceDataEvent } from "maplibre-gl";
import type { Incident } from "@/api/types";
import { counted, idOf, SOURCE, type Told } from "@/map/incidentTiles";
import { placeOf } from "@/map/pointer";
import type { Spot } from "@/map/spot";

/** Symbols are placed a moment after their tile has come. */
const SETTLED_MS = 300;
/** Half a cell on the screen, at most, at a zoom without a fraction. */
const HALF_CELL_PX = 64;

export class Shown {
  private timer = 0;

  /** `settled` is called when something else may be shown than before. */
  constructor(
    private readonly map: LibreMap,
    private readonly settled: () => void,
  ) {
    map.on("idle", () => this.soon(0));
    map.on("moveend", () => this.soon());
    map.on("sourcedata", (event: MapSourceDataEvent) => {
      if (event.sourceId === SOURCE && event.isSourceLoaded) this.soon();
    });
  }

  stop(): void {
    window.clearTimeout(this.timer);
  }

  /** How many incidents are in sight, single ones and those that cells count. */
  get count(): number {
    const bounds = this.map.getBounds();
    return counted(this.features("singles", "cells").filter((hit) => bounds.contains(placeOf(hit))));
  }

  /** The spots where the map shows them: an incident that is not shown by itself is where its cell is. */
  anchored(spots: readonly Spot[], listed: readonly Incident[]): Spot[] {
    if (spots.length === 0) return [];
    const single = new Set(this.features("singles").map((hit) => idOf(hit.properties as Told, listed)));
    const cells = this.features("cells");
    return spots.map((spot) => (single.has(spot.id) ? spot : this.inCell(spot, cells)));
  }

  private inCell(spot: Spot, cells: readonly MapGeoJSONFeature[]): Spot {
    const at = this.map.project([spot.lon, spot.lat]);
    const most = HALF_CELL_PX * 2 ** (this.map.getZoom() % 1);
    const near = cells.flatMap((cell) => {
      const { x, y } = this.map.project(placeOf(cell));
      const far = Math.max(Math.abs(x - at.x), Math.abs(y - at.y));
      return far <= most ? [{ cell, far }] : [];
    });
    const [nearest] = near.sort((a, b) => a.far - b.far);
    if (!nearest) return spot;
    const [lon, lat] = placeOf(nearest.cell);
    return { ...spot, lon, lat, among: counted([nearest.cell]) };
  }

  private features(...layers: string[]): MapGeoJSONFeature[] {
    return this.map.queryRenderedFeatures({ layers });
  }

  private soon(pause = SETTLED_MS): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.settled, pause);
  }
}
