/** Sends one item's bytes. XMLHttpRequest, because only it tells how much of the body has gone out. */
import { API, headersFor } from "@/api/client";
import { Problem, Unreachable } from "@/api/problem";
import type { Photo } from "@/api/types";
import type { Item } from "@/outbox/item";

const PATIENCE_MS = 3 * 60_000;

function form(item: Item, file: Blob): FormData {
  const fields: Record<string, string | null> = {
    id: item.id,
    sha256: item.sha256,
    lon: item.place ? String(item.place.lon) : null,
    lat: item.place ? String(item.place.lat) : null,
    accuracy_m: item.place?.accuracyM != null ? String(item.place.accuracyM) : null,
    location_source: item.place?.source ?? null,
    taken_at: item.takenAt,
    caption: item.caption || null,
    category: item.category,
    report: item.report ? "true" : "false",
  };
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== null) data.append(name, value);
  data.append("file", file, item.fileName);
  return data;
}

/** @throws Unreachable when the network fails, Problem when the service says no. */
export function upload(item: Item, file: Blob, progress: (share: number) => void): Promise<Photo> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API}/photos`);
    request.timeout = PATIENCE_MS;
    for (const [name, value] of Object.entries(headersFor("POST"))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onerror = request.ontimeout = request.onabort = () => fail(new Unreachable());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        try {
          done(JSON.parse(request.responseText) as Photo);
        } catch {
          // A captive portal's page is no acknowledgement, whatever its status.
          fail(new Unreachable());
        }
        return;
      }
      fail(Problem.from(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.send(form(item, file));
  });
}
