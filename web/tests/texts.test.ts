import { describe, expect, it } from "vitest";
import { createI18n } from "vue-i18n";
import described from "../../docs/openapi.json";
import { english } from "@/texts/en";
import { indonesian } from "@/texts/id";

const NAMED = { HistoryKind: "history", Status: "status", Role: "role", Scope: "scope", IncidentKind: "kind" } as const;

describe("the page's words", () => {
  it.each(Object.entries(NAMED))("name every %s that the service may say", (shape, group) => {
    const values = (described.components.schemas[shape as keyof typeof NAMED] as { enum: string[] }).enum;
    expect(Object.keys(indonesian[group])).toEqual(expect.arrayContaining(values));
  });

  it("speak of one thing and of several, in English", () => {
    const texts = createI18n({ legacy: false, locale: "en", messages: { en: english, id: indonesian } });
    const said = (key: string, named: Record<string, unknown>): string => texts.global.t(key, named);
    expect(said("permit.cameras", { n: 0, required: 1, count: 1 })).toBe("0 of 1 camera");
    expect(said("permit.cameras", { n: 1, required: 2, count: 2 })).toBe("1 of 2 cameras");
    expect([0, 1, 2].map((n) => said("camera.minutes", { n }))).toEqual(["0 minutes", "1 minute", "2 minutes"]);
    expect(said("command.incidents", { n: "1.234", count: 1234 })).toBe("1.234 incidents");
    expect(said("camera.looked", { seen: 1, n: 1 })).toBe("Done: 1 of 1 camera gave a picture.");
    texts.global.locale.value = "id";
    expect(said("permit.cameras", { n: 1, required: 1, count: 1 })).toBe("Kamera 1 dari 1");
  });

  it("have one and many in English wherever they count, and only there", () => {
    const forms = (texts: object): number[] =>
      Object.values(texts).flatMap((text) => (typeof text === "string" ? [text.split(" | ").length] : forms(text as object)));
    expect(new Set(forms(indonesian))).toEqual(new Set([1]));
    expect(new Set(forms(english))).toEqual(new Set([1, 2]));
  });
});
