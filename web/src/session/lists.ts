/** Categories, agencies and areas: loaded once, kept for work without a network, named in the page's language. */
import { computed, shallowRef } from "vue";
import { Unreachable } from "@/api/problem";
import type { Agency, AreaCollection, Category, RoadCollection } from "@/api/types";
import { getKept } from "@/session/kept";
import { language } from "@/texts";

const EMPTY: AreaCollection = { type: "FeatureCollection", features: [] };

export const categories = shallowRef<Category[]>([]);
export const agencies = shallowRef<Agency[]>([]);
export const districts = shallowRef<AreaCollection>(EMPTY);
export const villages = shallowRef<AreaCollection>(EMPTY);
export const roads = shallowRef<RoadCollection>({ type: "FeatureCollection", features: [] });

const byCode = computed(() => new Map(categories.value.map((one) => [one.code, one])));
const names = computed(
  () => new Map([...districts.value.features, ...villages.value.features].map((one) => [one.properties.code, one.properties.name])),
);

export const category = (code: string | null | undefined): Category | undefined => byCode.value.get(code ?? "");
export const areaName = (code: string | null | undefined): string | undefined => names.value.get(code ?? "");

export function categoryName(code: string | null | undefined): string | null {
  const found = category(code);
  if (found === undefined) return code ?? null;
  return language.value === "en" ? found.name_en : found.name_id;
}

async function load<T>(path: string, into: (value: T) => void, cache?: "no-cache"): Promise<void> {
  try {
    into(await getKept<T>(path, cache));
  } catch (error) {
    // Out of reach and never seen: the page works without the list and asks again at the next start.
    if (!(error instanceof Unreachable)) throw error;
  }
}

/** Which categories there are depends on who asks: called again after every sign-in. */
export async function loadCategories(): Promise<void> {
  await Promise.all([
    load<{ categories: Category[] }>("categories", (body) => {
      categories.value = [...body.categories].sort((a, b) => a.position - b.position);
    }),
    load<{ agencies: Agency[] }>("agencies", (body) => (agencies.value = body.agencies)),
  ]);
}

export async function loadPlaces(): Promise<void> {
  await Promise.all([
    load<AreaCollection>("areas?level=district&geometry=simplified", (body) => (districts.value = body), "no-cache"),
    load<AreaCollection>("areas?level=village&geometry=simplified", (body) => (villages.value = body), "no-cache"),
    load<RoadCollection>("roads", (body) => (roads.value = body), "no-cache"),
  ]);
}
