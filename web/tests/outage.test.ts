/** What an outage is called in the list and beside its camera, in both languages. */
import { createI18n } from "vue-i18n";
import { describe, expect, it } from "vitest";
import type { Incident } from "@/api/types";
import { outageWords } from "@/cameras/outage";
import { camera as english } from "@/texts/register.en";
import { camera as indonesian } from "@/texts/register.id";

type Told = Pick<Incident["properties"], "trouble" | "faults">;

const { t, locale } = createI18n({ legacy: false, locale: "id", messages: { id: { camera: indonesian }, en: { camera: english } } }).global;

function words(language: "id" | "en", told: Told): string {
  locale.value = language;
  return outageWords(told as Incident["properties"], t);
}

describe("an outage", () => {
  it.each<[Told, string, string]>([
    [{ trouble: "unreachable", faults: [] }, "Tidak terjangkau", "Unreachable"],
    [{ trouble: "password_refused", faults: [] }, "Kata sandi ditolak", "Password refused"],
    [{ trouble: "ok", faults: ["covered"] }, "Terganggu: tertutup", "Impaired: covered"],
    [{ trouble: "ok", faults: ["blurred", "moved"] }, "Terganggu: buram, berpindah arah", "Impaired: blurred, turned away"],
  ])("%o says what is wrong", (told, id, en) => {
    expect([words("id", told), words("en", told)]).toEqual([id, en]);
  });
});
