// Draws the app's icons as PNG files, so that no binary file is kept: an eye over a skyline's horizon, in two inks.
import { mkdirSync, writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const GROUND = [12, 90, 87];
const LIGHT = [246, 245, 241];
const SPARK = [240, 168, 74];
const SAMPLES = 4;

/** A PNG chunk: length, type, data, checksum (PNG specification, 5.3). */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function png(size, pixel) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      rows.set(pixel(x, y), y * (size * 4 + 1) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

/** The colour at a point of the unit square around 0, or null outside. `scale` shrinks the drawing, not the ground. */
function ink(x, y, { round, scale }) {
  const corner = 0.23;
  const dx = Math.max(Math.abs(x) - (0.5 - corner), 0);
  const dy = Math.max(Math.abs(y) - (0.5 - corner), 0);
  if (round && Math.hypot(dx, dy) > corner) return null;
  const u = x / scale;
  const v = y / scale;
  const lens = Math.hypot(u, v - 0.245) < 0.46 && Math.hypot(u, v + 0.245) < 0.46;
  const iris = Math.hypot(u, v);
  if (iris < 0.062) return SPARK;
  if (iris < 0.125) return LIGHT;
  if (iris < 0.17) return GROUND;
  return lens ? LIGHT : GROUND;
}

function icon(size, options) {
  return png(size, (px, py) => {
    const sum = [0, 0, 0, 0];
    for (let i = 0; i < SAMPLES * SAMPLES; i += 1) {
      const x = (px + ((i % SAMPLES) + 0.5) / SAMPLES) / size - 0.5;
      const y = (py + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) / size - 0.5;
      const colour = ink(x, y, options);
      if (colour) [0, 1, 2].forEach((band) => (sum[band] += colour[band])), (sum[3] += 1);
    }
    const covered = Math.max(sum[3], 1);
    return [sum[0] / covered, sum[1] / covered, sum[2] / covered, (255 * sum[3]) / (SAMPLES * SAMPLES)];
  });
}

const folder = new URL("../public/icons/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("icon-192.png", folder), icon(192, { round: true, scale: 0.95 }));
writeFileSync(new URL("icon-512.png", folder), icon(512, { round: true, scale: 0.95 }));
writeFileSync(new URL("maskable-512.png", folder), icon(512, { round: false, scale: 0.72 }));
