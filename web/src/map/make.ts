/** Makes a map of the city, and repaints it. The only file that starts MapLibre. */
import { type GeoJSONSource, type LayerSpecification, Map as LibreMap, type MapOptions, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";

setWorkerUrl(workerUrl);

/** The map, once its style stands; `begun` gets it before anything is loaded into it. Throws where there is no WebGL. */
export async function makeMap(options: MapOptions, begun?: (map: LibreMap) => void): Promise<LibreMap> {
  // Names drawn before the font is there would stay in another for good.
  await Promise.allSettled([document.fonts.load('600 24px "Label Semibold"'), document.fonts.load('700 24px "Label Bold"')]);
  const map = new LibreMap({
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 19,
    fadeDuration: 150,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  begun?.(map);
  await new Promise((ready) => map.once("style.load", ready));
  return map;
}

export function setData(map: LibreMap, source: string, data: FeatureCollection): void {
  map.getSource<GeoJSONSource>(source)?.setData(data);
}

/** Gives every layer the paint, icons and texts of `layers` (the same layers in other colours or words). */
export function repaint(map: LibreMap, layers: readonly LayerSpecification[]): void {
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name as never, value as never);
    if (layer.type !== "symbol") continue;
    for (const name of ["icon-image", "text-field"] as const) {
      const value = layer.layout?.[name];
      if (value !== undefined) map.setLayoutProperty(layer.id, name, value);
    }
  }
}
