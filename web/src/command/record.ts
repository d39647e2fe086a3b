/** What is behind a chosen incident ("complaint:REF", "photo:UUID", "outage:UUID") or camera ("camera:UUID"), asked again
 * when it changes. */
import { onScopeDispose, ref, shallowRef } from "vue";
import { get } from "@/api/client";
import type { Complaint, Incident, Photo } from "@/api/types";
import type { Camera } from "@/cameras/shapes";
import { sentence } from "@/common/sentence";

export type Chosen = { kind: "complaint"; complaint: Complaint } | { kind: "photo"; photo: Photo } | { kind: "camera"; camera: Camera; outage: Incident | null };

export function useRecord(id: string) {
  const record = shallowRef<Chosen | null>(null);
  const problem = ref("");
  const flight = new AbortController();
  const split = id.indexOf(":");
  const [kind, name] = [id.slice(0, split), encodeURIComponent(id.slice(split + 1))];

  async function cameraOf(name: string, outage: Incident | null): Promise<Chosen> {
    return { kind: "camera", camera: await get<Camera>(`cameras/${name}`, flight.signal), outage };
  }
  async function asked(): Promise<Chosen> {
    if (kind === "photo") return { kind, photo: await get<Photo>(`photos/${name}`, flight.signal) };
    if (kind === "camera") return cameraOf(name, null);
    if (kind === "outage") {
      // The list may not hold it: it is still on its way, or ends before.
      const outage = await get<Incident>(`/ogc/collections/incidents/items/${encodeURIComponent(id)}`, flight.signal);
      return cameraOf(String(outage.properties.camera), outage);
    }
    return { kind: "complaint", complaint: await get<Complaint>(`complaints/${name}`, flight.signal) };
  }
  async function load(): Promise<void> {
    try {
      record.value = await asked();
      problem.value = "";
    } catch (error) {
      if (!flight.signal.aborted) problem.value = sentence(error);
    }
  }
  onScopeDispose(() => flight.abort());
  void load();
  return { record, problem, load };
}
