/** A camera as its owner writes it, and what is sent of it. Pure. */
import type { Camera, Door, Sharing } from "@/cameras/shapes";
import type { View } from "@/cameras/sector";
import { instantOf, written } from "@/format";

export interface Draft {
  url: string;
  user: string;
  password: string;
  door: Door | "";
  certificate: string;
  view: View | null;
  height: string;
  /** Since when a changed view holds, as a `datetime-local` field has it; empty for from now on. */
  view_since: string;
  name: string;
  permit: string;
  owner: string;
  interval_s: number;
  keep_days: number;
  sharing: Sharing;
  shared_with: string[] | null;
}

export const INTERVALS = [30, 60, 120, 300, 900] as const;

/** `language` is that of the page: numbers stand in the fields as it writes them. */
export function draftOf(camera: Camera | null, permit = "", language = "id"): Draft {
  if (camera === null) {
    return { url: "", user: "", password: "", door: "", certificate: "", view: null, height: "", view_since: "", name: "", permit, owner: "", interval_s: 60, keep_days: 30, sharing: "live", shared_with: null };
  }
  const { name, interval_s, keep_days, sharing, location } = camera;
  const { bearing_deg, fov_deg, range_m, height_m } = camera.view;
  const { url = "", door = "", certificate = null } = camera.reach ?? {};
  return {
    url,
    user: "",
    password: "",
    door,
    certificate: certificate ?? "",
    view: { lon: location.lon, lat: location.lat, bearing_deg, fov_deg, range_m },
    height: height_m === null ? "" : written(height_m, language),
    view_since: "",
    name,
    permit: camera.permit ?? "",
    owner: "",
    interval_s,
    keep_days,
    sharing,
    shared_with: camera.shared_with?.map((one) => one.code) ?? null,
  };
}

/** How to reach it: what is tried, and what is registered. Empty user and password leave those that are kept. */
export function wayOf(draft: Draft): Record<string, unknown> {
  const given = { url: draft.url.trim(), door: draft.door, user: draft.user, password: draft.password, certificate: draft.certificate.trim() };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}

/** The body that registers it. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const { name, interval_s, keep_days, sharing, shared_with } = draft;
  const height = Number(draft.height.replace(",", "."));
  return {
    reach: wayOf(draft),
    ...draft.view,
    ...(draft.height.trim() && Number.isFinite(height) ? { height_m: height } : {}),
    ...(draft.permit ? { permit: draft.permit } : {}),
    ...(draft.owner.trim() ? { owner: draft.owner.trim() } : {}),
    name: name.trim(),
    interval_s,
    keep_days,
    sharing,
    shared_with,
  };
}

/** Whether it sees other ground than before. */
export function turned(draft: Draft, before: Camera): boolean {
  const was = draftOf(before).view;
  return draft.view !== null && was !== null && Object.entries(was).some(([name, value]) => draft.view?.[name as keyof View] !== value);
}

/** The body that changes it: only what differs, so that an untouched address keeps its password. `zone`: the city's. */
export function changesOf(draft: Draft, before: Camera, zone: string): Record<string, unknown> {
  const was = bodyOf(draftOf(before));
  // Whose it is was said when it was registered.
  const { owner: _, ...now } = bodyOf(draft);
  const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name]));
  const since = turned(draft, before) ? instantOf(draft.view_since, zone) : null;
  const view = since ? { view_since: since.toISOString() } : {};
  const lowered = was["height_m"] !== undefined && now["height_m"] === undefined ? { height_m: null } : {};
  return { ...Object.fromEntries(changed), ...view, ...lowered, ...(was["permit"] && !now["permit"] ? { permit: null } : {}), version: before.version };
}
