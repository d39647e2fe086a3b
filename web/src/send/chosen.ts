/** Pictures taken or chosen, before they go into the outbox, and the place each of them will be sent with. Pure. */
import type { Place } from "@/outbox/item";
import type { Position } from "@/common/position";

/** A picture this young was taken here and now; the device's position says nothing about an older one. */
const HERE_AND_NOW_MS = 10 * 60_000;

export interface Picture {
  key: string;
  file: File;
  url: string;
  exif: [number, number] | null;
}

export type Footing = "pin" | "exif" | "device" | "none";

/** What the place of a picture rests on. */
export function footing(picture: Pick<Picture, "exif"> & { file: { lastModified: number } }, pin: boolean, device: boolean, now: number): Footing {
  if (pin) return "pin";
  if (picture.exif) return "exif";
  return device && now - picture.file.lastModified < HERE_AND_NOW_MS ? "device" : "none";
}

/** What is sent as its place; the service reads EXIF by itself. */
export function placeFor(kind: Footing, pin: { lon: number; lat: number } | null, device: Position | null): Place | null {
  if (kind === "pin" && pin) return { lon: pin.lon, lat: pin.lat, accuracyM: null, source: "pin" };
  if (kind === "device" && device) return { ...device, source: "device" };
  return null;
}
