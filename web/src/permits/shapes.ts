/** Permits as the service answers them. */
import type { components } from "@/api/schema";

type Shapes = components["schemas"];

export type PermitBrief = Shapes["PermitBrief"];
export type Permit = Shapes["PermitAnswer"];
export type Permits = Shapes["PermitsAnswer"];
export type Lacking = Shapes["LackingPermit"];
export type Compliance = Shapes["ComplianceAnswer"];
export type Imported = Shapes["PermitsImported"];
export type PermitState = Permit["state"];
export type Finding = Shapes["FindingAnswer"];
export type Shortfall = Finding["shortfall"];
/** A permit of either list. */
export type PermitLike = Pick<PermitBrief, "number" | "owner_name" | "address" | "area" | "state" | "state_due_at" | "cameras_required" | "cameras"> & {
  findings?: readonly Finding[];
};

export const PERMIT_STATES = ["pending", "compliant", "non_compliant", "warned_1", "warned_2", "warned_3", "frozen", "revoked"] as const satisfies PermitState[];
export const SHORTFALLS = ["no_camera", "too_few", "silent", "dark", "blank", "blurred", "frozen", "covered", "moved"] as const satisfies Shortfall[];
