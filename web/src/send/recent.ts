import { ref } from "vue";

/** The categories this device sent last, latest first; no confidential one, since others may hold the phone. */
const KEY = "pantau-recent";
const MOST = 6;

function read(): string[] {
  const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
}

export const recentCategories = ref<readonly string[]>(read());

export function remember(code: string): void {
  recentCategories.value = [code, ...recentCategories.value.filter((one) => one !== code)].slice(0, MOST);
  localStorage.setItem(KEY, JSON.stringify(recentCategories.value));
}
