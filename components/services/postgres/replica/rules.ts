import { mebibytes } from "../../../model/units.ts";
import { LEAST_KEPT } from "./slot-job.ts";
import { problem, type Rule, type Slice } from "../../../settings/kit/rule.ts";
import type { postgres } from "../settings.ts";

type Read = Slice<{ postgres: typeof postgres }> & { readonly platform: string };

/** Where a replica can be, and how far behind. */
export const replicaRules: readonly Rule<Read>[] = [
  ({ postgres: { replica, mode } }) =>
    replica.enabled && mode !== "container"
      ? problem(
          "postgres.replica.enabled",
          "true",
          `false with postgres.mode ${mode}, where ${mode === "operator" ? "postgres.operator.instances are the replicas" : "whoever runs the server runs its replicas"}`,
          "remove it",
        )
      : undefined,
  ({ postgres: { replica, mode }, platform }) =>
    replica.enabled && mode === "container" && platform === "kubernetes"
      ? problem(
          "postgres.replica.enabled",
          "true",
          "false with platform kubernetes, where an operator replicates and promotes: CloudNativePG",
          "remove it and set postgres.mode to operator, or name such a cluster with postgres.external",
        )
      : undefined,
  ({ postgres: { replica, storage } }) =>
    replica.keptLog !== undefined &&
    (mebibytes(replica.keptLog) < LEAST_KEPT || mebibytes(replica.keptLog) > mebibytes(storage) / 2)
      ? problem(
          "postgres.replica.keptLog",
          JSON.stringify(replica.keptLog),
          `${LEAST_KEPT}Mi or more, and at most half of postgres.storage, whose disk it fills`,
          "change it or raise postgres.storage",
        )
      : undefined,
];
