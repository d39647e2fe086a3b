/** Times, lengths and sizes as people read them. Pure: language, zone and `now` are arguments. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function locale(language: string): string {
  return language === "en" ? "en-GB" : "id-ID";
}

export function dateTime(iso: string, language: string, zone: string): string {
  return new Intl.DateTimeFormat(locale(language), {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
    timeZoneName: "short",
  }).format(new Date(iso));
}

/** A day, `YYYY-MM-DD`, in words: 17 August 2024. */
export function dayName(day: string, language: string): string {
  return new Intl.DateTimeFormat(locale(language), { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

/** "3 hours ago", "in 2 days": one unit, the largest that fits. */
export function relative(iso: string, now: Date, language: string): string {
  const ms = new Date(iso).getTime() - now.getTime();
  const size = Math.abs(ms);
  // Indonesian's short form of days is a bare "h", which reads as hours.
  const style = size < DAY_MS ? "short" : "long";
  const words = new Intl.RelativeTimeFormat(locale(language), { numeric: "auto", style });
  if (size < MINUTE_MS) return words.format(0, "second");
  if (size < HOUR_MS) return words.format(Math.trunc(ms / MINUTE_MS), "minute");
  if (size < DAY_MS) return words.format(Math.trunc(ms / HOUR_MS), "hour");
  return words.format(Math.trunc(ms / DAY_MS), "day");
}

export function metres(length: number, language: string): string {
  const words = new Intl.NumberFormat(locale(language), { maximumFractionDigits: length < 10_000 ? 1 : 0 });
  return length < 1000 ? `${Math.round(length)} m` : `${words.format(length / 1000)} km`;
}

export function bytes(count: number, language: string): string {
  const words = new Intl.NumberFormat(locale(language), { maximumFractionDigits: 1 });
  return count < 1_000_000 ? `${Math.max(1, Math.round(count / 1000))} kB` : `${words.format(count / 1_000_000)} MB`;
}

export function count(number: number, language: string): string {
  return new Intl.NumberFormat(locale(language)).format(number);
}

/** A number to be written on in a field: its decimals as the language parts them, its thousands not at all. */
export function written(number: number, language: string): string {
  return new Intl.NumberFormat(locale(language), { maximumFractionDigits: 2, useGrouping: false }).format(number);
}

/** Longitude and latitude to about a metre, in the order and with the sign that maps and phones take: lat, lon. */
export function coordinates(lon: number, lat: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

function offsetMs(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(at.getTime() / 1000) * 1000;
}

/** The instant at which clocks in a time zone show what clocks in UTC show at `wallMs`. */
function atWall(wallMs: number, zone: string): Date {
  return new Date(wallMs - offsetMs(new Date(wallMs - offsetMs(new Date(wallMs), zone)), zone));
}

/** The instant at which the day `YYYY-MM-DD` (moved by `days`) begins in a time zone; null for no such day. */
export function dayStart(day: string, zone: string, days = 0): Date | null {
  const wall = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(wall)) return null;
  return atWall(wall + days * DAY_MS, zone);
}

/** The instant that a `datetime-local` field means in a time zone; null for none. */
export function instantOf(local: string, zone: string): Date | null {
  const wall = Date.parse(`${local}Z`);
  return Number.isNaN(wall) ? null : atWall(wall, zone);
}

/** An instant as a `datetime-local` field has it in a time zone. */
export function localOf(at: Date, zone: string): string {
  return new Date(at.getTime() + offsetMs(at, zone)).toISOString().slice(0, 16);
}
