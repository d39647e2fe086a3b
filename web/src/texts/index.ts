/** The page's language: Indonesian unless another was chosen; remembered. */
import { computed } from "vue";
import { createI18n } from "vue-i18n";
import { english } from "@/texts/en";
import { indonesian } from "@/texts/id";

export type Language = "id" | "en";
const KEY = "pantau-language";

function first(): Language {
  return localStorage.getItem(KEY) === "en" ? "en" : "id";
}

export const i18n = createI18n({
  legacy: false,
  locale: first(),
  fallbackLocale: "id",
  messages: { id: indonesian, en: english },
});

export const language = computed<Language>(() => (i18n.global.locale.value === "en" ? "en" : "id"));

/** Switches the language; `chosen` false follows an account's own without overruling what this device remembers. */
export function setLanguage(to: Language, chosen = true): void {
  if (!chosen && localStorage.getItem(KEY) !== null) return;
  i18n.global.locale.value = to;
  document.documentElement.lang = to;
  if (chosen) localStorage.setItem(KEY, to);
}

document.documentElement.lang = language.value;
