/** The shapes that the service answers with (docs/openapi.json). Times are ISO 8601 in UTC, lengths metres, lon before lat. */
import type { Feature, FeatureCollection, Geometry, LineString, MultiLineString, Point } from "geojson";

export type Role = "owner" | "officer" | "agency" | "command" | "administrator";
export const STATUSES = ["received", "verified", "in_progress", "resolved", "rejected", "duplicate"] as const;
export type Status = (typeof STATUSES)[number];
export const KINDS = ["complaint", "photo"] as const;
export type IncidentKind = (typeof KINDS)[number];
export type LinkState = "proposed" | "confirmed" | "rejected";
export type Level = "regency" | "district" | "village";
export type Right =
  | "public"
  | "signed_in"
  | "photo_send"
  | "photo_see"
  | "complaint_open"
  | "complaint_move"
  | "link_decide"
  | "administer";
export const SCOPES = ["read", "photos:write", "complaints:write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export interface Named {
  code: string;
  name: string;
}
export interface Person {
  id: string;
  name: string;
}
export interface DemoAccount {
  role: Role;
  login: string;
  name: string;
  agency: string | null;
}
export interface Installation {
  name: string;
  version: string;
  demo: boolean;
  languages: string[];
  timezone: string;
  centre: [number, number] | null;
  bbox: [number, number, number, number] | null;
  limits: { photo_bytes: number; photo_pixels: number };
  demo_accounts: DemoAccount[];
}
export interface Account {
  id: string;
  login: string;
  name: string;
  role: Role;
  agency: Named | null;
  area: Named | null;
  language: string;
}
export interface Me {
  account: Account | null;
  rights: Right[];
  csrf: string | null;
}
export interface Category {
  code: string;
  name: string;
  name_id: string;
  name_en: string;
  agency: Named;
  deadline_hours: number;
  radius_m: number;
  related: string[];
  confidential: boolean;
  icon: string;
  position: number;
}
export interface Agency extends Named {
  name_id: string;
  name_en: string;
}

export interface AreaProperties extends Named {
  level: Level;
  parent: string | null;
  kind: string | null;
  area_m2: number;
  lon: number;
  lat: number;
}
export type AreaFeature = Feature<Geometry, AreaProperties>;
export type AreaCollection = FeatureCollection<Geometry, AreaProperties>;
export type RoadCollection = FeatureCollection<LineString | MultiLineString, { name: string; road_class: string }>;
export interface Neighbour extends Named {
  distance_m: number;
}

export interface Location {
  lon: number;
  lat: number;
  radius_m: number;
  source: string;
}
export interface Reason {
  code: string;
  value?: number | string | null;
  text: string;
}
export interface Link {
  id: string;
  complaint: string;
  complaint_category: string;
  complaint_status: Status;
  photo: string;
  state: LinkState;
  score: number;
  reasons: Reason[];
  created_at: string;
  decided_at: string | null;
  decided_by: Person | null;
}
export interface PhotoUrls {
  thumbnail: string;
  preview: string;
  original: string;
}
export interface Photo {
  id: string;
  sha256: string;
  bytes: number;
  media_type: string;
  width: number;
  height: number;
  taken_at: string | null;
  received_at: string;
  location: Location | null;
  candidates: (Location & { note: string | null })[];
  area: (Named & { path: string }) | null;
  neighbours: Neighbour[];
  caption: string | null;
  category: string | null;
  direction_deg: number | null;
  device: string | null;
  processing: "pending" | "done" | "failed";
  account: Person | null;
  complaint: { reference: string; category: string; status: Status } | null;
  links: Link[];
  duplicates: { id: string; exact: boolean; distance: number | null }[];
  warnings: { code: string; text: string }[];
  urls: PhotoUrls;
}
export interface PhotoBrief {
  id: string;
  taken_at: string | null;
  caption: string | null;
  location: Location | null;
  urls: PhotoUrls;
  link: Link | null;
}
export interface HistoryEntry {
  at: string;
  kind: string;
  account: Person | null;
  from: Status | null;
  to: Status | null;
  note: string | null;
  data: Record<string, unknown> | null;
}
export interface Report {
  id: string;
  channel: string;
  text: string | null;
  received_at: string;
  account: Person | null;
}
export interface Complaint {
  reference: string;
  category: string;
  category_name: string;
  agency: Named;
  status: Status;
  description: string | null;
  location: Location | null;
  area: (Named & { path?: string }) | null;
  neighbours: Neighbour[];
  opened_at: string;
  received_at: string;
  updated_at: string;
  due_at: string | null;
  closed_at: string | null;
  overdue: boolean;
  confidential: boolean;
  version: number;
  duplicate_of: string | null;
  photos: PhotoBrief[];
  reports: Report[];
  links: Link[];
  history: HistoryEntry[];
  moves: Status[];
}

export interface IncidentProperties {
  kind: IncidentKind;
  reference: string | null;
  photo: string | null;
  category: string | null;
  status: Status | null;
  agency: string | null;
  area: string | null;
  area_name: string | null;
  time: string;
  due_at: string | null;
  updated_at: string;
  overdue: boolean;
  radius_m: number | null;
  title: string | null;
  thumbnail: string | null;
}
export type Incident = Feature<Point | null, IncidentProperties> & { id: string };
export interface Incidents {
  type: "FeatureCollection";
  features: Incident[];
  numberReturned: number;
  numberMatched?: number;
  numberMatchedIsEstimate?: boolean;
  timeStamp: string;
  links: { rel: string; href: string }[];
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  errors?: { loc?: (string | number)[]; field?: string; message?: string; msg?: string }[];
}

export interface Job {
  id: string;
  kind: string;
  subject_id: string;
  state: string;
  attempts: number;
  error: string | null;
  run_at: string;
}
export interface Jobs {
  jobs: Job[];
  counts: Record<string, number>;
}
export interface AccountRow {
  id: string;
  login: string;
  name: string;
  role: Role;
  agency: Named | string | null;
  area: Named | string | null;
  active?: boolean;
  created_at?: string;
}
export interface OneTimeLink {
  url: string;
  expires_at: string;
}
export interface Token {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at?: string | null;
}
