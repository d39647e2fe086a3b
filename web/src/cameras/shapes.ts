/** Cameras as the service answers them, and what their marks say. */
import type { Geometry } from "geojson";
import type { components } from "@/api/schema";

type Shapes = components["schemas"];

type Listed = Shapes["CamerasAnswer"]["cameras"][number];

export type CameraBrief = Omit<Listed, "view"> & { view: Omit<Shapes["ViewAnswer"], "ground"> & { ground: Geometry } };
export type Camera = CameraBrief & Omit<Shapes["CameraAnswer"], keyof CameraBrief>;
export type Tried = Shapes["TriedAnswer"];
export type CameraEntry = Shapes["CameraEntry"];
/** A still of any list; `moment` where it bears on a complaint. */
export type SnapshotLike = Shapes["SnapshotAnswer"] & { moment?: "before" | "after" | "hourly" | null };
export type Standing = Shapes["StandingAnswer"];
export type VisitState = NonNullable<Standing["state"]>;
export type Fault = Standing["faults"][number];
export type Door = Shapes["CameraDoor"];
export type Sharing = Shapes["Sharing"];

export const DOORS = ["http", "mjpeg", "onvif", "rtsp", "hls", "push"] as const satisfies Door[];
export const SHARINGS = ["live", "stored", "nothing"] as const satisfies Sharing[];

export const VISIT_STATES = [
  "ok",
  "unreachable",
  "password_refused",
  "password_withheld",
  "stalled",
  "corrupt",
  "no_video",
  "not_found",
  "not_understood",
  "timed_out",
  "busy",
  "certificate_refused",
  "refused_address",
] as const satisfies VisitState[];

/** What a camera's mark says at a glance. */
export type Mark = "new" | "ok" | "ill" | "out" | "retired";
export const MARKS = ["ok", "ill", "out", "new"] as const satisfies Mark[];

export interface Seen {
  state: VisitState | null;
  faults: readonly Fault[];
}

export function markOf({ state, faults }: Seen, active = true): Mark {
  if (!active) return "retired";
  if (state === null) return "new";
  if (state !== "ok") return "out";
  return faults.length > 0 ? "ill" : "ok";
}
