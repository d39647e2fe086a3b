/** Symbols of single incidents, drawn when first needed: shape says the kind, the drawing the category, colour and the
 * small sign the state, a red ring that it is late. Never colour alone. */
import { categoryPath, SIGN_PATHS } from "@/icons/paths";
import type { IncidentProperties } from "@/api/types";
import type { Mark } from "@/cameras/shapes";

const SIZE = 44;
const RATIO = 2;

interface Ink {
  ground: string;
  line: string;
  ring: string;
  late: string;
}

/** The name under which an incident's symbol is known to the map. */
export function symbolName(of: Pick<IncidentProperties, "kind" | "status" | "overdue" | "ended_at">, icon: string | undefined): string {
  if (of.kind === "outage") return ["outage", of.ended_at ? "rejected" : "overdue", "cctv", ""].join("|");
  return [of.kind, of.status ?? "photo", icon ?? (of.kind === "photo" ? "photo" : "other"), of.overdue ? "late" : ""].join("|");
}

const MARK_INKS = { ok: "resolved", ill: "received", out: "overdue", new: "photo", retired: "rejected" } as const;
/** A sign beside a camera that does not simply work. */
const MARK_SIGNS: Partial<Record<Mark, keyof typeof SIGN_PATHS>> = { ill: "overdue", out: "rejected", new: "received" };

/** The same of a camera. */
export const cameraSymbol = (mark: Mark): string => ["camera", MARK_INKS[mark], "cctv", "", MARK_SIGNS[mark] ?? ""].join("|");

/** The stylesheet's own colours, so that map and list never differ. */
function inkOf(status: string): Ink {
  const style = getComputedStyle(document.documentElement);
  const ground = style.getPropertyValue(`--${status}`) || style.getPropertyValue("--photo");
  return { ground, line: style.getPropertyValue("--panel"), ring: style.getPropertyValue("--panel"), late: style.getPropertyValue("--overdue") };
}

function outline(pen: CanvasRenderingContext2D, kind: string, radius: number): void {
  const middle = SIZE / 2;
  pen.beginPath();
  if (kind === "photo") pen.roundRect(middle - radius, middle - radius, radius * 2, radius * 2, 6);
  else if (kind === "outage") {
    const [long, round] = [radius * 1.25, 4];
    pen.moveTo(middle, middle - long + round / 2);
    for (const [x, y, toX, toY] of [[1, 0, 0, 1], [0, 1, -1, 0], [-1, 0, 0, -1], [0, -1, 1, 0]] as const) {
      pen.arcTo(middle + x * long, middle + y * long, middle + toX * long, middle + toY * long, round);
    }
    pen.closePath();
  } else pen.arc(middle, middle, radius, 0, 2 * Math.PI);
}

function stroke(pen: CanvasRenderingContext2D, path: string, x: number, y: number, size: number, width: number): void {
  pen.save();
  pen.translate(x, y);
  pen.scale(size / 24, size / 24);
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = "round";
  pen.stroke(new Path2D(path));
  pen.restore();
}

/** Draws the symbol of this name (see `symbolName`) at twice its size in CSS pixels. */
export function drawSymbol(name: string): { image: ImageData; pixelRatio: number } {
  const [kind = "", status = "", icon = "", late = "", sign = ""] = name.split("|");
  const ink = inkOf(status);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("the browser offers no 2d canvas");
  pen.scale(RATIO, RATIO);
  const radius = kind === "camera" ? 11 : kind === "photo" ? 12.5 : 14;
  pen.shadowColor = "rgb(0 0 0 / 35%)";
  pen.shadowBlur = 5;
  pen.shadowOffsetY = 2;
  outline(pen, kind, radius + (late ? 4.5 : 2));
  pen.fillStyle = late ? ink.late : ink.ring;
  pen.fill();
  pen.shadowColor = "transparent";
  if (late) {
    outline(pen, kind, radius + 2);
    pen.fillStyle = ink.ring;
    pen.fill();
  }
  outline(pen, kind, radius);
  pen.fillStyle = ink.ground;
  pen.fill();
  pen.strokeStyle = ink.line;
  const drawing = kind === "camera" ? 15 : 18;
  stroke(pen, categoryPath(icon), (SIZE - drawing) / 2, (SIZE - drawing) / 2, drawing, 2);
  const beside = kind === "complaint" ? status : sign;
  if (beside in SIGN_PATHS) drawSign(pen, beside as keyof typeof SIGN_PATHS, ink);
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: RATIO };
}

function drawSign(pen: CanvasRenderingContext2D, sign: keyof typeof SIGN_PATHS, ink: Ink): void {
  const [x, y, radius] = [SIZE - 11, SIZE - 11, 7];
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = ink.ring;
  pen.fill();
  pen.strokeStyle = ink.ground;
  stroke(pen, SIGN_PATHS[sign], x - 5, y - 5, 10, 3);
}

/** A cell: a disc whose red arc is the share of overdue incidents in eighths. Name: `cell|EIGHTHS|SIZE`. */
export function drawCell(name: string, ground: string, ring: string, late: string): { image: ImageData; pixelRatio: number } {
  const [, eighths = "0", size = "1"] = name.split("|");
  const side = 40 + Number(size) * 8;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * RATIO;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("the browser offers no 2d canvas");
  pen.scale(RATIO, RATIO);
  const arc = (radius: number, from: number, to: number): void => {
    pen.beginPath();
    pen.arc(side / 2, side / 2, radius, from, to);
  };
  pen.shadowColor = "rgb(0 0 0 / 30%)";
  pen.shadowBlur = 6;
  pen.shadowOffsetY = 2;
  arc(side / 2 - 5, 0, 2 * Math.PI);
  pen.fillStyle = ring;
  pen.fill();
  pen.shadowColor = "transparent";
  arc(side / 2 - 9, 0, 2 * Math.PI);
  pen.fillStyle = ground;
  pen.fill();
  if (eighths !== "0") {
    arc(side / 2 - 7, -Math.PI / 2, -Math.PI / 2 + (Number(eighths) / 8) * 2 * Math.PI);
    pen.strokeStyle = late;
    pen.lineWidth = 3.5;
    pen.stroke();
  }
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: RATIO };
}
