/** What the page itself does with a picture's bytes: their hash, a small likeness, and where they say they were taken. */

const THUMB_PX = 192;

/** SHA-256 in hex, or null where the browser offers none (a page without https). */
export async function sha256(file: Blob): Promise<string | null> {
  if (!("subtle" in crypto)) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A small square JPEG for the card, or null where the browser cannot read the format (HEIC in most). */
export async function likeness(file: Blob): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(file);
    const side = Math.min(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = THUMB_PX;
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, THUMB_PX, THUMB_PX);
    picture.close();
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.75));
  } catch {
    return null;
  }
}

const HEAD_BYTES = 256 * 1024;
const EXIF_SEGMENT = 0xffe1;
const GPS_POINTER = 0x8825;

/** The position in a JPEG's EXIF, read from its head only. */
export async function exifPosition(file: Blob): Promise<[number, number] | null> {
  try {
    return positionIn(new DataView(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** [lon, lat] in degrees from a JPEG's bytes (EXIF 2.32, 4.6.6), or null. @throws RangeError on a damaged block. */
export function positionIn(view: DataView): [number, number] | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker < 0xffc0 || marker === 0xffda) return null;
    if (marker === EXIF_SEGMENT && view.getUint32(at + 4) === 0x45786966) return positionInTiff(view, at + 10);
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function positionInTiff(view: DataView, base: number): [number, number] | null {
  const little = view.getUint16(base) === 0x4949;
  const long = (at: number): number => view.getUint32(base + at, little);
  const entries = (ifd: number): Map<number, number> => {
    const found = new Map<number, number>();
    const total = view.getUint16(base + ifd, little);
    for (let i = 0; i < total; i += 1) found.set(view.getUint16(base + ifd + 2 + i * 12, little), ifd + 2 + i * 12);
    return found;
  };
  const pointer = entries(long(4)).get(GPS_POINTER);
  if (pointer === undefined) return null;
  const gps = entries(long(pointer + 8));
  const degrees = (tag: number, negative: string): number | null => {
    const [side, value] = [gps.get(tag), gps.get(tag + 1)];
    if (side === undefined || value === undefined) return null;
    const at = long(value + 8);
    const part = (i: number): number => long(at + i * 8) / long(at + i * 8 + 4);
    const size = part(0) + part(1) / 60 + part(2) / 3600;
    return String.fromCharCode(view.getUint8(base + side + 8)) === negative ? -size : size;
  };
  const [lat, lon] = [degrees(1, "S"), degrees(3, "W")];
  if (lat === null || lon === null || !Number.isFinite(lat) || !Number.isFinite(lon)) return null;
  return (lat === 0 && lon === 0) || Math.abs(lat) > 90 || Math.abs(lon) > 180 ? null : [lon, lat];
}
