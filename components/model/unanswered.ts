import type { AlertRule } from "./observability.ts";

/**
 * What every alert about a target that does not answer has in common. Where
 * replicas come and go, a name lists those that are ready: when none is, there is
 * no target, and only the absence of `up` tells.
 */
export function unanswered(job: string): Pick<AlertRule, "expr" | "for" | "description" | "mutes"> {
  const up = `up{job="${job}"}`;
  return {
    expr: `${up} == 0 or absent(${up}) * 0`,
    for: "1m",
    description: `{{ or $labels.instance "No replica of ${job}" }} has not answered Prometheus for a minute (up is {{ $value }}).`,
    mutes: ["TargetDown"],
  };
}
