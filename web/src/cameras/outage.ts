import type { Incident } from "@/api/types";

/** What an outage is about, in words: how the camera's visits end or, where it answers, why it sees nothing. */
export function outageWords({ trouble, faults }: Incident["properties"], t: (key: string) => string): string {
  if (trouble !== "ok") return trouble ? t(`camera.state.${trouble}`) : "";
  const why = faults?.map((fault) => t(`camera.fault.${fault}`)).join(", ");
  return why ? `${t("camera.state.ill")}: ${why}` : t("camera.state.ill");
}
