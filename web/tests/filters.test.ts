import { describe, expect, it } from "vitest";
import { active, fromQuery, NO_FILTERS, toParams, toQuery, type Filters } from "@/command/filters";

const NOW = new Date("2026-11-21T10:42:31Z");
const some: Filters = {
  ...NO_FILTERS,
  q: "pasar",
  area: "99.01.03",
  categories: ["pothole", "rubbish"],
  statuses: ["received", "in_progress"],
  kind: "complaint",
  overdue: true,
  preset: "d7",
};

describe("filters in the address", () => {
  it("come back as they were written", () => {
    const query = toQuery(some, {}) as Record<string, string>;
    expect(fromQuery(query)).toEqual(some);
    const days: Filters = { ...NO_FILTERS, since: "2026-11-01", until: "2026-11-20" };
    expect(fromQuery(toQuery(days, {}) as Record<string, string>)).toEqual(days);
  });

  it("leave the rest of the address alone and write nothing for what is not set", () => {
    const query = { incident: "complaint:K7M4Q-7XP2T", map: "12/1/2", status: "resolved" };
    expect(toQuery(NO_FILTERS, query)).toEqual({ incident: "complaint:K7M4Q-7XP2T", map: "12/1/2" });
  });

  it("ignore what makes no sense", () => {
    const query = { status: "received,nonsense", kind: "camera", time: "toString", since: "yesterday", area: "<b>", category: ",," };
    expect(fromQuery(query)).toEqual({ ...NO_FILTERS, statuses: ["received"] });
  });

  it("are counted once each", () => {
    expect(active(NO_FILTERS)).toBe(0);
    expect(active(some)).toBe(7);
  });
});

describe("filters as the service is asked", () => {
  it("begin a preset at a full hour, so that the same question stays the same", () => {
    const later = new Date("2026-11-21T10:59:59Z");
    expect(toParams(some, NOW, "Asia/Jakarta").toString()).toBe(toParams(some, later, "Asia/Jakarta").toString());
    expect(toParams(some, NOW, "Asia/Jakarta").get("since")).toBe("2026-11-14T10:00:00.000Z");
  });

  it("take whole days of the city's own time zone", () => {
    const params = toParams({ ...NO_FILTERS, since: "2026-11-01", until: "2026-11-01" }, NOW, "Asia/Jakarta");
    expect(params.get("since")).toBe("2026-10-31T17:00:00.000Z");
    expect(params.get("until")).toBe("2026-11-01T17:00:00.000Z");
  });
});
