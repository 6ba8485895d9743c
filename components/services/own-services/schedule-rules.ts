import { problem } from "../../settings/kit/rule.ts";
import type { OwnServiceRule } from "./own-service-rule.ts";

/** What a run that ends cannot have. */
const RUNNING = ["port", "route", "metrics", "autoscaling", "drain", "migrate"] as const;

/** A service that runs at set times, in place of all the time. */
export const scheduleRules: readonly OwnServiceRule[] = [
  ...RUNNING.map(
    (key): OwnServiceRule =>
      (service, path) =>
        service.schedule !== undefined && service[key] !== undefined
          ? problem(`${path}.${key}`, "a value", "nothing with schedule: a run ends by itself", "remove it")
          : undefined,
  ),
  ({ schedule, replicas }, path) =>
    schedule !== undefined && replicas > 1
      ? problem(`${path}.replicas`, String(replicas), "1 with schedule: runs do not overlap", "remove it")
      : undefined,
  ({ schedule, probeCommand, probe }, path) =>
    schedule !== undefined && (probeCommand !== undefined || probe.path !== undefined)
      ? problem(`${path}.probe`, "a map", "nothing with schedule: a run's exit code tells", "remove it")
      : undefined,
  ({ schedule, command }, path) =>
    schedule !== undefined && command === undefined
      ? problem(`${path}.command`, "nothing", "the whole command of a run, with schedule", "set it")
      : undefined,
  ({ preset, schedule }, path) =>
    preset === "cron" && schedule === undefined
      ? problem(`${path}.schedule`, "nothing", 'when it runs, with the preset cron, such as "30 2 * * *"', "set it")
      : undefined,
];
