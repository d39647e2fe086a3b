import { describe, expect, it } from "vitest";
import { bodyOf, changesOf, draftOf, type Draft } from "@/permits/draft";
import { mayBeDistrict } from "@/permits/number";
import { fileOf } from "@/permits/question";
import type { Permit } from "@/permits/shapes";

const OLDER = {
  id: "0197", number: "503/12", owner_name: "PT Sinar", contact: "0333", address: "Jl. Melati 3", issued_on: "2015-08-17", cameras_required: 2,
  location: { lon: 114.3, lat: -8.2, radius_m: 15 }, account: { id: "1", name: "Sinar" }, version: 4,
} as unknown as Permit;
const changed = (part: Partial<Draft>, { office = true, older = true, permit = OLDER } = {}) => changesOf({ ...draftOf(permit), ...part }, permit, older, office);

describe("a permit that is registered", () => {
  it("leaves out what was not written", () => {
    const draft = { ...draftOf(null, "PT Sinar"), number: " IMB 3 ", issued_on: "2015-08-17" };
    const plain = { number: "IMB 3", owner_name: "PT Sinar", contact: "", address: "", cameras_required: 1 };
    expect(bodyOf(draft, true)).toEqual({ ...plain, issued_on: "2015-08-17" });
    expect(bodyOf(draft, false)).toEqual(plain);
    expect(bodyOf({ ...draft, owner: " budi ", pin: { lon: 1, lat: 2, accuracyM: null } }, false)).toEqual({ ...plain, owner: "budi", lon: 1, lat: 2 });
  });
});

describe("a permit that is corrected", () => {
  it("sends only what differs, with the version that was seen", () => {
    expect(changed({ contact: "0812 ", cameras_required: 0 })).toEqual({ contact: "0812", cameras_required: 0, version: 4 });
    expect(changed({ address: "" })).toEqual({ address: "", version: 4 });
  });
  it("sends nothing when nothing differs", () => {
    expect(changed({})).toBeNull();
    expect(changed({ owner_name: " PT Sinar " })).toBeNull();
  });
  it("tells a pin whole", () => {
    expect(changed({ pin: { lon: 114.3, lat: -8.3, accuracyM: null } })).toEqual({ lon: 114.3, lat: -8.3, version: 4 });
    expect(changed({ pin: { lon: 1, lat: 2, accuracyM: null } }, { permit: { ...OLDER, location: null } })).toEqual({ lon: 1, lat: 2, version: 4 });
  });
  it("takes a date back, and leaves it to a number that says it", () => {
    expect(changed({ issued_on: "" })).toEqual({ issued_on: null, version: 4 });
    expect(changed({ number: "PBG-990102-17082024-01" }, { older: false })).toEqual({ number: "PBG-990102-17082024-01", version: 4 });
  });
  it("hands it to another account or to none", () => {
    expect(changed({ owner: "budi" })).toEqual({ owner: "budi", version: 4 });
    expect(changed({ owner: "budi", released: true })).toEqual({ owner: null, version: 4 });
  });
  it("sends of an owner's form only what is the owner's to correct", () => {
    const all = { number: "IMB 9", contact: "0812", address: "x", issued_on: "", released: true, pin: { lon: 1, lat: 2, accuracyM: null } };
    expect(changed(all, { office: false })).toEqual({ contact: "0812", lon: 1, lat: 2, version: 4 });
  });
});

describe("permits as a file", () => {
  const all = { q: "", area: null, state: null, finding: null };
  it("is for Excel in the page's language, or for programs", () => {
    expect(fileOf({ ...all, area: "35.10" }, "excel", "id")).toBe("permits/export?area=35.10&excel=true&language=id");
    expect(fileOf(all, "csv", "id")).toBe("permits/export?");
  });
  it("tells what is lacking where that is asked for", () => {
    expect(fileOf({ ...all, finding: "silent" }, "csv", "id")).toBe("permits/compliance?shortfall=silent&format=csv");
    expect(fileOf({ ...all, finding: "any" }, "excel", "en")).toBe("permits/compliance?format=csv&excel=true&language=en");
  });
});

describe("the district in a number", () => {
  it("is doubted only by a city whose districts or villages are known", () => {
    for (const areas of [[], ["3510020"], ["35.10.20", "35.10.21"], ["35.10.21.1002"]]) expect(mayBeDistrict("35.10.21", areas)).toBe(true);
    expect(mayBeDistrict("35.10.21", ["35.10.20", "35.10.211"])).toBe(false);
  });
});
