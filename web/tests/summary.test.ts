import { describe, expect, it } from "vitest";
import { fromQuery, periodName, roundTop, toQuery } from "@/summary/shapes";

describe("the summary's address", () => {
  it("holds what is asked and leaves out what is as usual", () => {
    const wanted = { every: "week", by: "agency", area: "99.01.02", category: null } as const;
    expect(toQuery(wanted)).toEqual({ every: "week", area: "99.01.02" });
    expect(fromQuery(toQuery(wanted))).toEqual(wanted);
    expect(fromQuery({ every: "year", by: ["x"], area: "" })).toEqual({ every: "month", by: "agency", area: null, category: null });
  });
});

describe("the chart", () => {
  it("ends at an even round number that reaches as high", () => {
    for (const [most, top] of [[0, 4], [4, 4], [5, 10], [11, 20], [27, 50], [101, 200], [999, 1000], [1000, 1000]] as const) {
      expect(roundTop(most)).toBe(top);
    }
  });

  it("names periods in the city's time", () => {
    const start = "2026-10-31T17:00:00Z"; // midnight of 1 November in Jakarta
    expect(periodName(start, "month", "id-ID", "Asia/Jakarta", true)).toBe("November 2026");
    expect(periodName(start, "day", "en-GB", "Asia/Jakarta", true)).toBe("1 Nov 2026");
    expect(periodName(start, "week", "en-GB", "Asia/Jakarta")).toBe("1 Nov");
  });
});
