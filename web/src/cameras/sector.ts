/** The ground a camera sees, drawn and turned by hand. Bearings are degrees clockwise from north, as the service has them. */
import type { Feature, Polygon } from "geojson";
import { shifted } from "@/map/circle";

export interface View {
  lon: number;
  lat: number;
  bearing_deg: number;
  fov_deg: number;
  range_m: number;
}

export const LEAST = { fov_deg: 10, range_m: 5 } as const;
export const MOST = { fov_deg: 360, range_m: 300 } as const;

const STEP_DEG = 3;
const EARTH_M = 6_371_008.8;
const DEGREE = Math.PI / 180;

const clamped = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
const around = (degrees: number): number => ((degrees % 360) + 360) % 360;

/** The point so many metres away in a direction. */
export function ahead(view: View, bearing: number, metres: number): [number, number] {
  return shifted(view.lon, view.lat, metres * Math.sin(bearing * DEGREE), metres * Math.cos(bearing * DEGREE));
}

/** Direction and metres from the camera to a point; on the plane that touches the earth there. */
export function toward(view: View, lon: number, lat: number): { bearing: number; metres: number } {
  const east = (lon - view.lon) * DEGREE * EARTH_M * Math.cos(view.lat * DEGREE);
  const north = (lat - view.lat) * DEGREE * EARTH_M;
  return { bearing: around(Math.atan2(east, north) / DEGREE), metres: Math.hypot(east, north) };
}

export function sector(view: View): Feature<Polygon> {
  const half = view.fov_deg / 2;
  const steps = Math.max(2, Math.ceil(view.fov_deg / STEP_DEG));
  const arc = Array.from({ length: steps + 1 }, (_, n) => ahead(view, view.bearing_deg - half + (view.fov_deg * n) / steps, view.range_m));
  const foot: [number, number] = [view.lon, view.lat];
  const ring = view.fov_deg >= 360 ? arc : [foot, ...arc, foot];
  return { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: {} };
}

export const HANDLES = ["far", "left", "right"] as const;
export type Handle = (typeof HANDLES)[number];

/** Where a handle is: in the middle of the arc, or half way out on an edge. */
export function handleAt(view: View, handle: Handle): [number, number] {
  if (handle === "far") return ahead(view, view.bearing_deg, view.range_m);
  const side = handle === "left" ? -1 : 1;
  return ahead(view, view.bearing_deg + (side * view.fov_deg) / 2, view.range_m * 0.62);
}

/** The view after a handle was put somewhere: the far one turns and stretches it, an edge opens or closes it. */
export function dragged(view: View, handle: Handle, lon: number, lat: number): View {
  const { bearing, metres } = toward(view, lon, lat);
  if (handle === "far") {
    return { ...view, bearing_deg: Math.round(bearing) % 360, range_m: clamped(Math.round(metres), LEAST.range_m, MOST.range_m) };
  }
  const off = handle === "left" ? view.bearing_deg - bearing : bearing - view.bearing_deg;
  // Over the camera's back the edges would change places: a handle stops there.
  const half = Math.min(180, around(off) > 270 ? 0 : around(off));
  return { ...view, fov_deg: clamped(Math.round(half * 2), LEAST.fov_deg, MOST.fov_deg) };
}

/** The view after so many steps of a key on a handle: left and right turn or open it, up and down stretch it. */
export function stepped(view: View, handle: Handle, across: number, out: number): View {
  if (handle === "far") {
    const range_m = clamped(view.range_m + out, LEAST.range_m, MOST.range_m);
    return { ...view, bearing_deg: around(view.bearing_deg + across), range_m };
  }
  const wider = handle === "left" ? -across : across;
  return { ...view, fov_deg: clamped(view.fov_deg + (wider || out) * 2, LEAST.fov_deg, MOST.fov_deg) };
}

const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;

/** The wind that a bearing is nearest to: a word of `camera.wind`. */
export const wind = (bearing: number): (typeof WINDS)[number] => WINDS[Math.round(around(bearing) / 45) % 8] ?? "n";
