import type { ProblemBody } from "@/api/types";

/** An answer of the service that is not 2xx (RFC 9457): its sentence says what to do. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly retryAfterS: number | null;

  constructor(status: number, body: ProblemBody, retryAfter: string | null) {
    const fields = (body.errors ?? []).map((one) => `${one.field}: ${one.message}`);
    super([body.detail ?? body.title ?? `HTTP ${status}`, ...fields].join(" "));
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.title = body.title ?? `HTTP ${status}`;
    const seconds = Number(retryAfter ?? Number.NaN);
    this.retryAfterS = Number.isFinite(seconds) ? seconds : null;
  }

  /** Reads the problem out of an answer's text, whatever stands in it (a proxy's page is no problem+json). */
  static from(status: number, text: string, retryAfter: string | null): Problem {
    try {
      const body: unknown = JSON.parse(text);
      if (typeof body === "object" && body !== null) return new Problem(status, body as ProblemBody, retryAfter);
    } catch {
      // Not JSON: the status says all there is to say.
    }
    return new Problem(status, {}, retryAfter);
  }
}

/** The service could not be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
  }
}
