/** Incidents as they change: one stream of server-sent events, gone on with after a break from where it was. */
import { API } from "@/api/client";
import type { Incident } from "@/api/types";

/** The stream stands; it is being made; it cannot be had, and somebody has to ask now and then. */
export type LinkState = "live" | "waiting" | "off";

interface Ears {
  /** The list has to be loaded: what comes from now on builds on it. */
  anew: () => void;
  /** Changed or new, or null for gone, by id. */
  told: (changes: ReadonlyMap<string, Incident | null>) => void;
  state: (state: LinkState) => void;
}

/** Without a word for so long a stream counts as broken, though the browser may still try. */
const PATIENCE_MS = 6_000;
const AGAIN_MS = 30_000;
const SPREAD_MS = 2_000;

export class LiveLink {
  private source: EventSource | null = null;
  private position = "";
  private changes = new Map<string, Incident | null>();
  private timers = { patience: 0, again: 0, hand: 0, anew: 0 };
  private wasReset = false;

  constructor(
    private readonly params: URLSearchParams,
    private readonly ears: Ears,
  ) {}

  /** Begins, or goes on after `pause`. */
  open(): void {
    this.pause();
    const params = new URLSearchParams(this.params);
    if (this.position) params.set("after", this.position);
    const source = (this.source = new EventSource(`${API}/incidents/stream?${params.toString()}`));
    source.addEventListener("ready", (event) => this.ready(event));
    source.addEventListener("incident", (event) => {
      const feature = JSON.parse(this.read(event)) as Incident;
      this.keep(feature.id, feature);
    });
    source.addEventListener("gone", (event) => this.keep((JSON.parse(this.read(event)) as { id: string }).id, null));
    source.addEventListener("reset", () => {
      this.position = "";
      this.wasReset = true;
    });
    source.addEventListener("error", () => this.broken());
    this.wait();
  }

  /** Ends the stream and remembers where it was. */
  pause(): void {
    this.source?.close();
    this.source = null;
    for (const timer of Object.values(this.timers)) window.clearTimeout(timer);
    this.hand();
  }

  private ready(event: MessageEvent<string>): void {
    const { resumed } = JSON.parse(this.read(event)) as { resumed: boolean };
    window.clearTimeout(this.timers.patience);
    this.ears.state("live");
    // After a reset everybody loads anew: not all in the same moment.
    if (!resumed) this.timers.anew = window.setTimeout(() => this.ears.anew(), this.wasReset ? Math.random() * SPREAD_MS : 0);
    this.wasReset = false;
  }

  private read(event: MessageEvent<string>): string {
    if (event.lastEventId) this.position = event.lastEventId;
    return event.data;
  }

  /** What comes at once is handed on at once: the map is drawn anew for each. */
  private keep(id: string, feature: Incident | null): void {
    this.changes.delete(id);
    this.changes.set(id, feature);
    window.clearTimeout(this.timers.hand);
    this.timers.hand = window.setTimeout(() => this.hand(), 30);
  }

  private hand(): void {
    if (this.changes.size === 0) return;
    const changes = this.changes;
    this.changes = new Map();
    this.ears.told(changes);
  }

  private wait(): void {
    this.ears.state("waiting");
    window.clearTimeout(this.timers.patience);
    this.timers.patience = window.setTimeout(() => this.ears.state("off"), PATIENCE_MS);
  }

  private broken(): void {
    // The browser comes back by itself from a broken line, not from a refusal.
    if (this.source?.readyState === EventSource.CONNECTING) {
      this.wait();
      return;
    }
    this.pause();
    this.ears.state("off");
    this.timers.again = window.setTimeout(() => this.open(), AGAIN_MS);
  }
}
