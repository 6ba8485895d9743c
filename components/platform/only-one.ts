import { ModelError } from "../model/errors.ts";
import type { AnyWorkloadSpec } from "../model/workload.ts";

/** Why a workload runs exactly once, or nothing when it can be replicated. */
export function onlyOne({ onlyOne: reason, mounts = [] }: AnyWorkloadSpec): string | undefined {
  const own = mounts.find(({ volume, readOnly = false }) => !readOnly && volume.spec.shared !== true);
  return reason ?? (own && `it alone writes to volume ${own.volume.name}`);
}

/** @throws ModelError for replicas of what runs exactly once */
export function refuseReplicas(name: string, spec: AnyWorkloadSpec): void {
  const reason = onlyOne(spec);
  const most = spec.autoscaling?.maxReplicas ?? spec.replicas ?? 1;
  if (most === 1 || reason === undefined) return;
  throw new ModelError({
    got: `workload "${name}": got ${most} replicas`,
    allowed: `1, because ${reason}`,
    fix: "set its replicas to 1 in this stack",
  });
}
