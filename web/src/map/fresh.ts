/** Keeps a source of vector tiles as new as what is told of its content. */
import type { ErrorEvent, Map as LibreMap, VectorTileSource } from "maplibre-gl";

/** However much happens, the tiles in sight are asked for again at most so often; what did not change is answered 304. */
const PAUSE_MS = 3_000;
/** After a failure. */
const REST_MS = 10_000;
/** Deadlines pass without anybody telling. */
const MINUTE_MS = 60_000;

export class FreshTiles {
  private asked = 0;
  private timer = 0;
  private failing = false;
  private readonly clock = window.setInterval(() => this.again(), MINUTE_MS);

  /** `failed` hears whether the tiles in sight could be had, whenever the map has come to rest. */
  constructor(
    private readonly map: LibreMap,
    private readonly source: string,
    private readonly failed: (now: boolean) => void,
  ) {
    map.on("error", this.onError);
    map.on("idle", this.onIdle);
  }

  /** Other tiles from now on. */
  show(tiles: string): void {
    this.begin();
    this.map.getSource<VectorTileSource>(this.source)?.setTiles([tiles]);
  }

  /** Something in them changed: asks at once, or when the pause is over. */
  again(pause = PAUSE_MS): void {
    if (this.timer) return;
    this.timer = window.setTimeout(() => this.ask(), Math.max(0, this.asked + pause - Date.now()));
  }

  stop(): void {
    window.clearTimeout(this.timer);
    window.clearInterval(this.clock);
  }

  private begin(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.asked = Date.now();
    this.failing = false;
  }

  private ask(): void {
    this.begin();
    // Who does not look is not served; the first look asks.
    if (document.visibilityState === "hidden") document.addEventListener("visibilitychange", () => this.again(), { once: true });
    else this.map.refreshTiles(this.source);
  }

  private readonly onError = (event: ErrorEvent & { sourceId?: string }): void => {
    if (event.sourceId === this.source) this.failing = true;
    else console.warn("map:", event.error);
  };

  private readonly onIdle = (): void => {
    this.failed(this.failing);
    if (this.failing) this.again(REST_MS);
  };
}
