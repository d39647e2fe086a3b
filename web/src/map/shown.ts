/** What the map shows of the incidents at this moment. */
import type { Map as LibreMap, MapGeoJSONFeature } from "maplibre-gl";
import type { Incident } from "@/api/types";
import { counted, idOf, type Told } from "@/map/incidentTiles";
import { placeOf } from "@/map/pointer";
import type { Spot } from "@/map/spot";

/** While the map moves and fills it is looked at so often, and once when it has come to rest. */
const PAUSE_MS = 400;
/** Half a cell on the screen, at most, at a zoom without a fraction. */
const HALF_CELL_PX = 64;

export class Shown {
  private timer = 0;

  /** `drawn` is called soon after something else was drawn than before. */
  constructor(
    private readonly map: LibreMap,
    private readonly drawn: () => void,
  ) {
    map.on("render", () => this.soon());
    // Tiles that stood in for others may have left since what was drawn last.
    map.on("idle", () => this.soon());
  }

  /** Looks again after a while. */
  soon(): void {
    this.timer ||= window.setTimeout(() => {
      this.timer = 0;
      this.drawn();
    }, PAUSE_MS);
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
}
