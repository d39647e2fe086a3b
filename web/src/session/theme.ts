/** Light, dark, or as the device says; remembered. */
import { computed, ref, watchEffect } from "vue";

export type Theme = "light" | "dark";

const KEY = "pantau-theme";
const night = window.matchMedia("(prefers-color-scheme: dark)");
const device = ref<Theme>(night.matches ? "dark" : "light");
const saved = localStorage.getItem(KEY);
const chosen = ref<Theme | null>(saved === "light" || saved === "dark" ? saved : null);

night.addEventListener("change", (event) => (device.value = event.matches ? "dark" : "light"));

export const theme = computed<Theme>(() => chosen.value ?? device.value);

export function toggleTheme(): void {
  const next = theme.value === "dark" ? "light" : "dark";
  chosen.value = next === device.value ? null : next;
  if (chosen.value === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, chosen.value);
}

watchEffect(() => (document.documentElement.dataset["theme"] = theme.value));
