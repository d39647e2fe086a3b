/** A circle on the ground as a polygon, for radii of metres to kilometres. Spherical earth: far finer than any radius here. */
import type { Feature, Polygon } from "geojson";

const EARTH_M = 6_371_008.8;
const STEPS = 64;

/** `lon`, `lat` in degrees, `radiusM` in metres. */
export function circle(lon: number, lat: number, radiusM: number): Feature<Polygon> {
  const toDegrees = 180 / Math.PI;
  const latRadius = (radiusM / EARTH_M) * toDegrees;
  const lonRadius = latRadius / Math.max(0.01, Math.cos(lat / toDegrees));
  const ring = Array.from({ length: STEPS + 1 }, (_, step): [number, number] => {
    const angle = ((step % STEPS) / STEPS) * 2 * Math.PI;
    return [lon + lonRadius * Math.cos(angle), lat + latRadius * Math.sin(angle)];
  });
  return { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: {} };
}

/** The point `east` and `north` metres away. */
export function shifted(lon: number, lat: number, east: number, north: number): [number, number] {
  const toDegrees = 180 / Math.PI;
  const dLat = (north / EARTH_M) * toDegrees;
  return [lon + ((east / EARTH_M) * toDegrees) / Math.max(0.01, Math.cos(lat / toDegrees)), lat + dLat];
}

/** [west, south, east, north] around every position in `coordinates`, however deep it lies; null when there is none. */
export function boundsOf(coordinates: unknown): [number, number, number, number] | null {
  let box: [number, number, number, number] | null = null;
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    const [x, y] = value as unknown[];
    if (typeof x === "number" && typeof y === "number") {
      box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
      return;
    }
    value.forEach(visit);
  };
  visit(coordinates);
  return box;
}
