/** A small map of the city in a page: its ground, what the page adds, and the colours of the hour. */
import type { FeatureCollection } from "geojson";
import type { LayerSpecification, Map as LibreMap } from "maplibre-gl";
import { onBeforeUnmount, onMounted, watch, type Ref } from "vue";
import { groundData, groundLayers, styleOf } from "@/map/base";
import { boundsOf } from "@/map/circle";
import { makeMap, repaint, setData } from "@/map/make";
import { palette, type Palette } from "@/map/palette";
import { districts, roads, villages } from "@/session/lists";
import { session } from "@/session/session";
import { theme } from "@/session/theme";

export const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

export function cityBounds(): [number, number, number, number] | null {
  const bbox = session.installation?.bbox;
  return bbox ? [...bbox] : boundsOf(districts.value.features.map((one) => (one.geometry as { coordinates?: unknown }).coordinates));
}

export function showGround(map: LibreMap): void {
  const data = groundData({ districts: districts.value, villages: villages.value, roads: roads.value });
  for (const [name, features] of Object.entries(data)) setData(map, name, features);
}

interface Added {
  /** Layers between the ground and its names. */
  layers: (ink: Palette) => LayerSpecification[];
  /** Names of GeoJSON sources that those layers read. */
  sources: string[];
  label: string;
  ready: (map: LibreMap) => void;
}

/** Makes the map when the page is there and takes it away with it; `at` gives it while there is one. */
export function useSmallMap(box: Readonly<Ref<HTMLDivElement | null>>, added: Added): { at: () => LibreMap | null } {
  let map: LibreMap | null = null;
  const layers = (): LayerSpecification[] => {
    const ink = palette(theme.value);
    const ground = groundLayers(ink);
    return [...ground.under, ...added.layers(ink), ...ground.names];
  };

  onMounted(async () => {
    if (!box.value) return;
    const extra = Object.fromEntries(added.sources.map((name) => [name, { type: "geojson" as const, data: EMPTY }]));
    const bounds = cityBounds();
    try {
      const style = styleOf(layers(), extra);
      const made = await makeMap({ container: box.value, style, ...(bounds ? { bounds, fitBoundsOptions: { padding: 16 } } : {}) });
      if (!box.value) return void made.remove();
      map = made;
    } catch (error) {
      console.warn("no map:", error);
      return;
    }
    map.getCanvas().setAttribute("aria-label", added.label);
    showGround(map);
    added.ready(map);
  });
  onBeforeUnmount(() => {
    map?.remove();
    map = null;
  });
  watch([districts, villages, roads], () => map && showGround(map));
  watch(theme, () => map && repaint(map, layers()));
  return { at: () => map };
}

/** Lets a tap on the map put something there, and Enter in the middle of what it shows. */
export function placedBy(map: LibreMap, put: (lon: number, lat: number) => void): void {
  map.on("click", ({ lngLat }) => put(lngLat.lng, lngLat.lat));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const { lng, lat } = map.getCenter();
    put(lng, lat);
  });
}

/** Metres east and north that an arrow key asks for; null for any other key. */
export function arrow(event: KeyboardEvent, metres: number): [number, number] | null {
  const steps: Record<string, [number, number]> = {
    ArrowUp: [0, metres],
    ArrowDown: [0, -metres],
    ArrowLeft: [-metres, 0],
    ArrowRight: [metres, 0],
  };
  return steps[event.key] ?? null;
}
