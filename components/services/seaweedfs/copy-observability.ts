import type { Observability } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";
import { seconds, type Duration } from "../../model/units.ts";

/** So many copies in a row have failed, or one takes that long. */
const MISSED = 6;

export function copyObservability({ every }: { readonly every: Duration }): Observability {
  return {
    service: "seaweedfs-copy",
    memory: { workload: "seaweedfs-copy", used: "seaweedfs_copy_memory_bytes" },
    alerts: [
      {
        name: "SeaweedfsCopyDown",
        ...unanswered("seaweedfs-copy"),
        severity: "warning",
        summary: "What copies the bucket for backups does not answer: new objects are in no set",
      },
      {
        name: "SeaweedfsCopyOld",
        expr: `time() - seaweedfs_copy_success_timestamp_seconds > ${MISSED * seconds(every)}`,
        for: "10m",
        severity: "warning",
        summary: "The copy of the bucket for backups is old: new objects are in no set",
        description: "The last whole copy of the bucket was made {{ $value | humanizeDuration }} ago.",
      },
    ],
  };
}
