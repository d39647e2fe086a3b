/** One incident at its place, as far as the map draws it, wherever it is known from: the list, a record or a tile. Pure. */
import type { Feature, FeatureCollection, Point } from "geojson";
import type { Complaint, Incident, IncidentProperties, Photo } from "@/api/types";

type Drawn = Pick<IncidentProperties, "kind" | "status" | "category" | "overdue" | "ended_at">;

export interface Spot extends Drawn {
  id: string;
  lon: number;
  lat: number;
  radius_m: number;
  /** How many the circle counts that the map shows instead of it. */
  among?: number;
}

export function spotOfIncident({ id, geometry, properties }: Incident): Spot | null {
  if (geometry === null) return null;
  const { kind, status, category, overdue, ended_at, radius_m } = properties;
  const [lon = 0, lat = 0] = geometry.coordinates;
  return { id, lon, lat, radius_m: radius_m ?? 0, kind, status, category, overdue, ended_at };
}

export function spotOfComplaint(one: Complaint): Spot | null {
  if (one.location === null) return null;
  const { reference, location, status, category, overdue } = one;
  return { id: `complaint:${reference}`, ...placed(location), kind: "complaint", status, category, overdue, ended_at: null };
}

export function spotOfPhoto({ id, location, category }: Photo): Spot | null {
  if (location === null) return null;
  return { id: `photo:${id}`, ...placed(location), kind: "photo", status: null, category, overdue: false, ended_at: null };
}

const placed = ({ lon, lat, radius_m }: { lon: number; lat: number; radius_m: number }): Pick<Spot, "lon" | "lat" | "radius_m"> => ({ lon, lat, radius_m });

/** The spots as points with what their symbol is called, and among how many they are. */
export function spotPoints(spots: readonly Spot[], symbol: (of: Spot) => string): FeatureCollection<Point> {
  const features = spots.map((one): Feature<Point> => {
    return { type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties: { symbol: symbol(one), count: one.among ?? 1 } };
  });
  return { type: "FeatureCollection", features };
}
