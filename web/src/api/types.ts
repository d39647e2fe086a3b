/** The shapes that the service answers with, by the house's names. Generated from docs/openapi.json by `npm run types`;
 * only GeoJSON is typed more closely here than OpenAPI can. */
import type { Feature, FeatureCollection, Geometry, LineString, Point } from "geojson";
import type { components } from "@/api/schema";

type Shapes = components["schemas"];

export type Installation = Shapes["InstallationAnswer"];
export type DemoAccount = Shapes["DemoAccount"];
export type Me = Shapes["MeAnswer"];
export type Right = Me["rights"][number];
export type Role = DemoAccount["role"];
export type Category = Shapes["CategoryAnswer"];
export type Agency = Shapes["AgencyAnswer"];
export type AreaName = Shapes["AreaName"];
export type Neighbour = Shapes["Neighbour"];
export type Location = Shapes["Place"];
export type Link = Shapes["LinkAnswer"];
export type Photo = Shapes["PhotoAnswer"];
export type PhotoBrief = Shapes["PhotoOf"];
export type Complaint = Shapes["ComplaintAnswer"];
export type HistoryEntry = Shapes["HistoryEntry"];
export type ProblemBody = Partial<Shapes["ProblemAnswer"]>;
export type Jobs = Shapes["JobsAnswer"];
export type AccountRow = Shapes["AccountAnswer"];
export type AccountMade = Shapes["AccountMade"];
export type OneTimeLink = Shapes["TicketAnswer"];
export type Token = Shapes["TokenAnswer"];
export type TokenMade = Shapes["TokenMade"];

export type AreaProperties = Shapes["AreaProperties"];
export type AreaFeature = Feature<Geometry, AreaProperties>;
export type AreaCollection = FeatureCollection<Geometry, AreaProperties>;
export type RoadCollection = FeatureCollection<LineString, Shapes["RoadProperties"]>;

export type IncidentProperties = Shapes["IncidentProperties"];
export type Incident = Feature<Point | null, IncidentProperties> & { id: string };
export type Incidents = Omit<Shapes["IncidentCollection"], "features"> & { features: Incident[] };

export type Status = Complaint["status"];
export type IncidentKind = IncidentProperties["kind"];
export type Scope = Token["scopes"][number];

/** In the order in which a complaint passes them. */
export const STATUSES = ["received", "verified", "in_progress", "resolved", "rejected", "duplicate"] as const satisfies Status[];
export const KINDS = ["complaint", "photo", "outage"] as const satisfies IncidentKind[];
export const SCOPES = ["read", "photos:write", "complaints:write", "cameras:write", "admin"] as const satisfies Scope[];
export const ROLES = ["officer", "agency", "command", "administrator", "owner"] as const satisfies Role[];
