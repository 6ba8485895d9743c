import { mebibytes, millicores } from "../../model/units.ts";
import type { SettingsProblem } from "../../settings/kit/problems.ts";
import type { Settings } from "../settings.ts";
import { problem } from "../../settings/kit/rule.ts";

/** Services with requests and limits, by their settings' key. */
const SIZED = ["proxy", "app", "postgres", "cache", "nats", "kratos", "temporal", "prometheus", "grafana", "exporters", "alerting", "backup"] as const;

/** A promise above the limit is refused by Kubernetes and meaningless on Docker. */
export function requestsWithinLimits(settings: Settings): readonly SettingsProblem[] {
  return SIZED.flatMap((key) => {
    const { requests, limits } = settings[key].resources;
    const above = (unit: "cpu" | "memory", over: boolean) =>
      over
        ? [problem(`${key}.resources.requests.${unit}`, JSON.stringify(requests[unit]), `at most the limit, ${limits[unit]}`, "lower it or raise the limit")]
        : [];
    return [...above("cpu", millicores(requests.cpu) > millicores(limits.cpu)), ...above("memory", mebibytes(requests.memory) > mebibytes(limits.memory))];
  });
}
