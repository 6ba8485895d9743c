import { seconds } from "../../model/units.ts";
import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { logs } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ logs: typeof logs }>;

/** Loki's index has a file a day: it forgets whole days. */
const SHORTEST = "24h";

export const logsRules: readonly Rule<Read>[] = [
  ({ logs }) =>
    logs.enabled && seconds(logs.retention) < seconds(SHORTEST)
      ? problem("logs.retention", JSON.stringify(logs.retention), `at least "${SHORTEST}"`, "raise it")
      : undefined,
];
