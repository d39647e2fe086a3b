/** One way to the service: language, CSRF and problems in one place. */
import { Problem, Unreachable } from "@/api/problem";

export const API = "/api/v1";

interface Asking {
  language: () => string;
  csrf: () => string | null;
  signedOut: () => void;
}

let asking: Asking = { language: () => "id", csrf: () => null, signedOut: () => undefined };

/** The session tells the client who is asking; the client knows nothing of it otherwise. */
export function introduce(who: Asking): void {
  asking = who;
}

/** Headers that every request carries; unsafe methods need the CSRF token too. */
export function headersFor(method: string): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": asking.language() };
  const csrf = asking.csrf();
  if (method !== "GET" && csrf !== null) headers["X-CSRF-Token"] = csrf;
  return headers;
}

interface Options {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** "no-cache" lets the browser keep what is everybody's (areas, roads) and ask only whether it changed. */
  cache?: "no-store" | "no-cache" | undefined;
  /** "manual" takes being sent elsewhere (to the store) for an answer, and does not go there. */
  redirect?: RequestRedirect;
}

/** The raw answer. @throws Unreachable, or Problem for anything that is neither 2xx nor 304. */
export async function ask(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers = { ...headersFor(method), ...options.headers };
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: options.cache ?? "no-store" };
  if (options.signal) init.signal = options.signal;
  if (options.redirect) init.redirect = options.redirect;
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  let answer: Response;
  try {
    answer = await fetch(path.startsWith("/") ? path : `${API}/${path}`, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (answer.ok || answer.status === 304 || answer.type === "opaqueredirect") return answer;
  if (answer.status === 401 && !path.startsWith("session")) asking.signedOut();
  throw Problem.from(answer.status, await answer.text(), answer.headers.get("Retry-After"));
}

async function json<T>(answer: Response): Promise<T> {
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const get = async <T>(path: string, signal?: AbortSignal, cache?: Options["cache"]): Promise<T> =>
  json<T>(await ask("GET", path, { signal, cache }));
export const post = async <T>(path: string, body: unknown = {}): Promise<T> => json<T>(await ask("POST", path, { body }));
export const patch = async <T>(path: string, body: unknown): Promise<T> => json<T>(await ask("PATCH", path, { body }));
export const remove = async (path: string): Promise<void> => void (await ask("DELETE", path));
