import { mebibytes, millicores } from "../../model/units.ts";
import type { Resources } from "../../model/workload.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import { problem } from "../../settings/kit/rule.ts";

/** A promise above the limit is refused by Kubernetes and meaningless on Docker. Looked for wherever the settings have both, at any depth. */
export function requestsWithinLimits(settings: object, path: readonly string[] = []): readonly SettingsProblem[] {
  const below = Object.entries(settings).flatMap(([key, value]: [string, unknown]) =>
    isMap(value) ? requestsWithinLimits(value, [...path, key]) : [],
  );
  return isResources(settings) ? [...exceeding(settings, path.join(".")), ...below] : below;
}

function exceeding({ requests, limits }: Resources, path: string): readonly SettingsProblem[] {
  const above = (unit: "cpu" | "memory", over: boolean) =>
    over
      ? [
          problem(
            `${path}.requests.${unit}`,
            JSON.stringify(requests[unit]),
            `at most the limit, ${limits[unit]}`,
            "lower it or raise the limit",
          ),
        ]
      : [];
  return [
    ...above("cpu", millicores(requests.cpu) > millicores(limits.cpu)),
    ...above("memory", mebibytes(requests.memory) > mebibytes(limits.memory)),
  ];
}

function isResources(value: object): value is Resources {
  return "requests" in value && "limits" in value;
}

/** A map as the settings have it; a secret is an object of the engine's. */
function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
