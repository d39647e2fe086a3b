/** The map's inks by day and by night. */
import type { Theme } from "@/session/theme";

export interface Palette {
  sea: string;
  land: string;
  landAlt: string;
  district: string;
  village: string;
  label: string;
  labelQuiet: string;
  halo: string;
  trunk: string;
  road: string;
  roadEdge: string;
  cell: string;
  cellInk: string;
  cellRing: string;
  overdue: string;
  chosen: string;
}

const LIGHT: Palette = {
  sea: "#cfe0e3",
  land: "#f7f4ea",
  landAlt: "#f1eddf",
  district: "#7f968f",
  village: "#cfcbb9",
  label: "#2c4a47",
  labelQuiet: "#5d675f",
  halo: "#fbf9f2",
  trunk: "#e9bd7c",
  road: "#fffdf6",
  roadEdge: "#d8cfb8",
  cell: "#123f40",
  cellInk: "#ffffff",
  cellRing: "#ffffff",
  overdue: "#d6392f",
  chosen: "#f0a84a",
};

const DARK: Palette = {
  sea: "#091214",
  land: "#16231f",
  landAlt: "#18271f",
  district: "#4f6b65",
  village: "#263833",
  label: "#b9d3cc",
  labelQuiet: "#8ba39b",
  halo: "#101b19",
  trunk: "#75592b",
  road: "#2c3b36",
  roadEdge: "#111a18",
  cell: "#d9ebe6",
  cellInk: "#0b2322",
  cellRing: "#0b1716",
  overdue: "#ff6b5e",
  chosen: "#f0a84a",
};

export const palette = (theme: Theme): Palette => (theme === "dark" ? DARK : LIGHT);
