/** Keeps a source of vector tiles as new as what is told of its content. */
import type { ErrorEvent, Map as LibreMap, Tile, VectorTileSource } from "maplibre-gl";

/** However much happens, the tiles in sight are asked for again at most so often; what did not change is answered 304. */
const PAUSE_MS = 3_000;
/** After a failure. */
const REST_MS = 10_000;
/** Deadlines pass without anybody telling. */
const MINUTE_MS = 60_000;
/** How often it is looked whether the tiles that are on their way have come. */
const LOOK_MS = 100;

export class FreshTiles {
  private asked = 0;
  private timer = 0;
  private settling = 0;
  private failing = false;
  /** The address of the tiles from now on, until the source has it. */
  private next: string | null = null;
  private readonly clock = window.setInterval(() => this.again(), MINUTE_MS);

  /** `failed` hears whether the tiles in sight could be had, whenever those that were asked for have come, or one could not. */
  constructor(
    private readonly map: LibreMap,
    private readonly source: string,
    private readonly failed: (now: boolean) => void,
  ) {
    map.on("error", this.onError);
  }

  /** Other tiles from now on. */
  show(tiles: string): void {
    this.next = tiles;
    window.clearTimeout(this.timer);
    this.ask();
  }

  /** Something in them changed: asks at once, or when the pause is over. */
  again(pause = PAUSE_MS): void {
    if (this.timer) return;
    this.timer = window.setTimeout(() => this.ask(), Math.max(0, this.asked + pause - Date.now()));
  }

  stop(): void {
    window.clearTimeout(this.timer);
    window.clearTimeout(this.settling);
    window.clearInterval(this.clock);
  }

  private ask(): void {
    this.timer = 0;
    const source = this.map.getSource<VectorTileSource>(this.source);
    // Who does not look is not served; the first look asks.
    if (document.visibilityState === "hidden") document.addEventListener("visibilitychange", () => this.again(), { once: true });
    // What is on its way was said before: it would be drawn as the answer to this, or come after it and take its place.
    else if (!source || !this.map.isSourceLoaded(this.source)) this.timer = window.setTimeout(() => this.ask(), LOOK_MS);
    else this.begin(source);
  }

  private begin(source: VectorTileSource): void {
    this.asked = Date.now();
    this.failing = false;
    if (this.next === null) this.map.refreshTiles(this.source);
    else source.setTiles([this.next]);
    this.next = null;
    this.settle();
  }

  /** Tells when all has come. The map itself does not say so: tiles that fail or come unchanged are nothing to draw. */
  private settle(): void {
    this.settling ||= window.setTimeout(() => {
      this.settling = 0;
      if (!this.map.isSourceLoaded(this.source)) return void this.settle();
      this.failed(this.failing);
      if (this.failing) this.again(REST_MS);
    }, LOOK_MS);
  }

  private readonly onError = (event: ErrorEvent & { sourceId?: string; tile?: Partial<Tile> }): void => {
    if (event.sourceId !== this.source) return void console.warn("map:", event.error);
    // MapLibre 6.17 takes a failed tile that it is to load again for one that is on its way, while it has an actor.
    if (event.tile) delete event.tile.actor;
    this.failing = true;
    this.settle();
  };
}
