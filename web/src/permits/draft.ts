/** A permit as somebody writes it, and what is sent of it. Pure. */
import type { Permit } from "@/permits/shapes";

export interface Draft {
  number: string;
  owner_name: string;
  contact: string;
  address: string;
  issued_on: string;
  cameras_required: number;
  /** Login of the owner's account; empty says nothing of it. */
  owner: string;
  /** Takes the permit from the account that has it. */
  released: boolean;
  pin: { lon: number; lat: number; accuracyM: null } | null;
}

/** What its owner may correct; the rest is the office's. */
const OWNERS: readonly string[] = ["contact", "lon", "lat"];

/** `name` is the owner's, where one registers their own. */
export function draftOf(permit: Permit | null, name = ""): Draft {
  const rest = { owner: "", released: false };
  if (permit === null) return { number: "", owner_name: name, contact: "", address: "", issued_on: "", cameras_required: 1, pin: null, ...rest };
  const { number, owner_name, contact, address, cameras_required, location } = permit;
  const pin = location && { lon: location.lon, lat: location.lat, accuracyM: null };
  return { number, owner_name, contact, address, cameras_required, issued_on: permit.issued_on ?? "", pin, ...rest };
}

/** The body that registers it. `older`: the number is an IMB, which does not say when it was issued as a PBG does. */
export function bodyOf(draft: Draft, older: boolean): Record<string, unknown> {
  const { number, owner_name, contact, address, cameras_required, pin } = draft;
  return {
    ...{ number: number.trim(), owner_name: owner_name.trim(), contact: contact.trim(), address: address.trim(), cameras_required },
    ...(older && draft.issued_on ? { issued_on: draft.issued_on } : {}),
    ...(pin ? { lon: pin.lon, lat: pin.lat } : {}),
    ...(draft.owner.trim() ? { owner: draft.owner.trim() } : {}),
  };
}

/** The body that changes it: what differs and may be changed by who asks; null when nothing does. */
export function changesOf(draft: Draft, before: Permit, older: boolean, office: boolean): Record<string, unknown> | null {
  const was = bodyOf(draftOf(before), older);
  const now = { ...bodyOf(draft, older), ...(draft.released ? { owner: null } : {}) };
  const changed = new Set(Object.keys(now).filter((name) => now[name as keyof typeof now] !== was[name]));
  // A pin is told whole.
  if (changed.has("lon") || changed.has("lat")) changed.add("lon").add("lat");
  const told = Object.entries(now).filter(([name]) => changed.has(name) && (office || OWNERS.includes(name)));
  const dateless = office && was["issued_on"] !== undefined && !draft.issued_on ? { issued_on: null } : {};
  const changes = { ...Object.fromEntries(told), ...dateless };
  return Object.keys(changes).length ? { ...changes, version: before.version } : null;
}
