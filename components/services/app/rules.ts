import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { app } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ app: typeof app }>;

/** Replicas of the app and what they share. */
export const appRules: readonly Rule<Read>[] = [
  ({ app }) => {
    const replicas = app.autoscaling?.maxReplicas ?? app.replicas;
    return app.dbMaxConnections < replicas
      ? problem(
          "app.dbMaxConnections",
          String(app.dbMaxConnections),
          `at least 1 for each of ${replicas} replicas`,
          "raise it",
        )
      : undefined;
  },
];
