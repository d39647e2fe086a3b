import { Problem, Unreachable } from "@/api/problem";
import { i18n } from "@/texts";

/** What to tell a person about something that went wrong: the service's own sentence where there is one. */
export function sentence(caught: unknown): string {
  if (caught instanceof Problem) return caught.message;
  if (caught instanceof Unreachable) return i18n.global.t("app.unreachable");
  return caught instanceof Error ? caught.message : String(caught);
}
