import { describe, expect, it } from "vitest";
import described from "../../docs/openapi.json";
import { indonesian } from "@/texts/id";

const NAMED = { HistoryKind: "history", Status: "status", Role: "role", Scope: "scope", IncidentKind: "kind" } as const;

describe("the page's words", () => {
  it.each(Object.entries(NAMED))("name every %s that the service may say", (shape, group) => {
    const values = (described.components.schemas[shape as keyof typeof NAMED] as { enum: string[] }).enum;
    expect(Object.keys(indonesian[group])).toEqual(expect.arrayContaining(values));
  });
});
