/** What a permit's number says while it is typed. The service decides; this only tells earlier. Pure. */

export type Reading =
  | { kind: "empty" | "unfinished" | "misshapen" | "no-day" }
  | { kind: "imb" }
  | { kind: "pbg"; district: string; issued: string };

const PBG = /^(?:SK-)?PBG-(\d{6})-(\d{8})-(\d{2,3})$/;
/** What could still become a number: every part begun and none wrong. */
const BEGUN = /^(?:S|SK|SK-)?(?:P|PB|PBG|PBG-|PBG-\d{1,6}|PBG-\d{6}-|PBG-\d{6}-\d{1,8}|PBG-\d{6}-\d{8}-|PBG-\d{6}-\d{8}-\d)?$/;

/** `today` is a day, YYYY-MM-DD, in the city; `district` a dotted code, `issued` a day. */
export function readNumber(typed: string, today: string): Reading {
  const tight = typed.replaceAll(/\s/g, "").toUpperCase();
  if (tight === "") return { kind: "empty" };
  if (!/^(?:SK-)?PBG/.test(tight)) return { kind: BEGUN.test(tight) ? "unfinished" : "imb" };
  const [, code = "", day = ""] = PBG.exec(tight) ?? [];
  if (!code) return { kind: BEGUN.test(tight) ? "unfinished" : "misshapen" };
  const issued = `${day.slice(4)}-${day.slice(2, 4)}-${day.slice(0, 2)}`;
  const at = new Date(`${issued}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== issued || issued > today) return { kind: "no-day" };
  return { kind: "pbg", district: `${code.slice(0, 2)}.${code.slice(2, 4)}.${code.slice(4)}`, issued };
}

/** Whether the city may have this district, as the service asks it: `areas` are the codes of its districts and villages. */
export function mayBeDistrict(district: string, areas: readonly string[]): boolean {
  const fine = areas.filter((code) => code.split(".").length > 2);
  return !fine.length || fine.some((code) => `${code}.`.startsWith(`${district}.`));
}
