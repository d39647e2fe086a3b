/** What cameras saw of a complaint's place, and what they show when somebody looks now. */
import { ask } from "@/api/client";
import type { components } from "@/api/schema";

type Shapes = components["schemas"];

export type StripAnswer = Shapes["StripAnswer"];
export type Looked = Shapes["Looked"];
export type LookedAll = Shapes["LookedAll"];

/** The lines of an answer as they come, whatever pieces the network cuts it into. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const found = rest.split("\n");
    rest = done ? "" : (found.pop() ?? "");
    yield* found.filter((line) => line.trim() !== "");
    if (done) return;
  }
}

/** Visits every camera that sees the place; each result as it comes, last how many were asked. @throws Problem, Unreachable */
export async function* lookNow(reference: string, signal: AbortSignal): AsyncGenerator<Looked | LookedAll> {
  const headers = { Accept: "application/x-ndjson" };
  const answer = await ask("POST", `complaints/${encodeURIComponent(reference)}/look`, { headers, signal });
  if (answer.body === null) return;
  for await (const line of lines(answer.body)) yield JSON.parse(line) as Looked | LookedAll;
}
