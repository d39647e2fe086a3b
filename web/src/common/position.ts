/** The device's position, as a promise. */

export interface Position {
  lon: number;
  lat: number;
  accuracyM: number;
}

export class NoPosition extends Error {
  constructor(readonly denied: boolean) {
    super(denied ? "denied" : "unavailable");
  }
}

const PATIENCE_MS = 15_000;
const FRESH_MS = 20_000;

/** @throws NoPosition when it was not allowed or cannot be had. */
export function position(): Promise<Position> {
  return new Promise((done, fail) => {
    if (!("geolocation" in navigator)) return fail(new NoPosition(false));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude, accuracyM: Math.round(coords.accuracy) }),
      (error) => fail(new NoPosition(error.code === error.PERMISSION_DENIED)),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  });
}
