import { formatMebibytes, mebibytes, millicores } from "../../model/units.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import { budget, total } from "../budget.ts";
import type { Settings } from "../settings.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";

/** The stack must fit its Docker host; a cluster has a scheduler for that. */
export const hostRules: readonly Rule<Settings>[] = [
  onDocker((settings) =>
    fits(
      "host.memory",
      settings.host.memory,
      total(budget(settings), "memory"),
      "the memory limits of all services",
      "lower limits or name a larger host",
    ),
  ),
  onDocker((settings) =>
    fits(
      "host.disk",
      settings.host.disk,
      total(budget(settings), "disk"),
      "the planned sizes of all volumes",
      "lower sizes or name a larger host",
    ),
  ),
  onDocker((settings) => {
    const { host } = settings;
    const largest = Math.max(
      ...budget(settings).flatMap(({ cpu, replicas }) => (replicas > 0 ? [cpu / replicas] : [])),
    );
    return largest > millicores(host.cpu)
      ? problem(
          "host.cpu",
          JSON.stringify(host.cpu),
          `at least ${largest}m, the largest CPU limit of one service`,
          "lower that limit or name a larger host",
        )
      : undefined;
  }),
];

function onDocker(rule: Rule<Settings>): Rule<Settings> {
  return (settings) => (settings.platform === "docker" ? rule(settings) : undefined);
}

function fits(
  path: string,
  given: Settings["host"]["memory"],
  needed: number,
  what: string,
  fix: string,
): SettingsProblem | undefined {
  return needed > mebibytes(given)
    ? problem(path, JSON.stringify(given), `at least ${formatMebibytes(needed)}, the sum of ${what}`, fix)
    : undefined;
}
