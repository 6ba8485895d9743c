import { seconds } from "../../model/units.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";

/** Loki's index has a file a day: it forgets whole days. */
const SHORTEST = "24h";

export const logsRules: readonly Rule[] = [
  ({ logs }) =>
    logs.enabled && seconds(logs.retention) < seconds(SHORTEST)
      ? problem("logs.retention", JSON.stringify(logs.retention), `at least "${SHORTEST}"`, "raise it")
      : undefined,
];
