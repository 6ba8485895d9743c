import type { Observability } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";
import { mebibytes, type Bytes } from "../../model/units.ts";

/** Times of single steps inside, and the runtime: hundreds of series that nothing here reads. */
export const SEAWEEDFS_DROP =
  "go_.*|SeaweedFS_(filer|filerStore|wdclient|admin|volumeServer_request|s3_lifecycle)_.*|SeaweedFS_.*_(bucket|sum)";

const OBJECTS = "sum(SeaweedFS_s3_bucket_object_count)";
const REQUESTS = "SeaweedFS_s3_request_total";
const each = (expr: string) => `sum by (job, instance) (${expr})`;
const FAILED = each(`rate(${REQUESTS}{code=~"5.."}[5m])`);
const STORED = each("SeaweedFS_volumeServer_total_disk_size");
const SLOTS_USED = `${each("SeaweedFS_volumeServer_volumes")} / ${each("SeaweedFS_volumeServer_max_volumes")}`;

export function seaweedfsObservability({ storage }: { readonly storage: Bytes }): Observability {
  const size = mebibytes(storage) * 1024 * 1024;
  const stored = {
    title: "SeaweedFS: stored",
    unit: "bytes",
    description: "Objects with their older versions, and what is deleted and not tidied up yet.",
    queries: [{ expr: `sum by (type) (SeaweedFS_volumeServer_total_disk_size)`, legend: "{{type}}" }],
  } as const;
  return {
    service: "seaweedfs",
    alerts: [
      {
        name: "SeaweedfsDown",
        ...unanswered("seaweedfs"),
        severity: "critical",
        summary: "The object storage does not answer: the app can neither store nor read files",
        mutesDependents: true,
      },
      {
        name: "SeaweedfsErrors",
        expr: `${FAILED} / ${each(`rate(${REQUESTS}[5m])`)} > 0.05`,
        for: "5m",
        severity: "critical",
        summary: "The object storage fails requests",
        description: "{{ $value | humanizePercentage }} of the requests have ended with an error of the server.",
      },
      {
        name: "SeaweedfsDiskErrors",
        expr: `${each("increase(SeaweedFS_volumeServer_file_write_failures[10m])")} > 0 or ${each("SeaweedFS_volumeServer_disk_error_status")} > 0`,
        severity: "critical",
        summary: "The object storage cannot write to its disk",
        description: "{{ $labels.instance }} could not write to its volume (the value is {{ $value | humanize }}).",
      },
      {
        name: "SeaweedfsReadOnly",
        expr: `${each('SeaweedFS_volumeServer_read_only_volumes{type="isDiskSpaceLow"}')} > 0`,
        for: "5m",
        severity: "critical",
        summary: "The object storage takes no new files: its disk is full",
        description: "{{ $value | humanize }} volumes of {{ $labels.instance }} are read-only for lack of disk space.",
        mutes: ["SeaweedfsErrors"],
      },
      {
        name: "SeaweedfsNoVolumeForWrites",
        expr: `${each("increase(SeaweedFS_master_pick_for_write_error[10m])")} > 0`,
        for: "5m",
        severity: "critical",
        summary: "The object storage finds no volume to write to",
        description: "{{ $value | humanize }} writes found no volume within 10 minutes.",
      },
      {
        name: "SeaweedfsSlotsNearLimit",
        expr: `${SLOTS_USED} > 0.9`,
        for: "10m",
        severity: "warning",
        summary: "The object storage has almost as many volumes as it may have",
        description:
          "{{ $value | humanizePercentage }} of the volumes are in use; above it a full one has no successor.",
      },
      {
        name: "SeaweedfsStorageNearLimit",
        expr: `${STORED} / ${size} > 0.8`,
        for: "10m",
        severity: "warning",
        summary: "The object storage is almost full",
        description:
          "{{ $value | humanizePercentage }} of seaweedfs.storage are used; from nine tenths on it takes no new files.",
      },
    ],
    overview: [stored],
    dashboard: {
      uid: "apprun-seaweedfs",
      title: "SeaweedFS",
      panels: [
        stored,
        {
          title: "Part of the volume in use",
          kind: "stat",
          unit: "percentunit",
          queries: [{ expr: `sum(SeaweedFS_volumeServer_total_disk_size) / ${size}`, legend: "in use" }],
          redAbove: 0.8,
        },
        {
          title: "Objects with their versions",
          unit: "short",
          queries: [{ expr: OBJECTS, legend: "objects" }],
        },
        {
          title: "Requests per second",
          unit: "ops",
          queries: [{ expr: `sum by (type, code) (rate(${REQUESTS}[5m]))`, legend: "{{type}} {{code}}" }],
        },
        {
          title: "Volumes",
          unit: "short",
          queries: [
            { expr: "sum(SeaweedFS_volumeServer_volumes)", legend: "in use" },
            { expr: "sum(SeaweedFS_volumeServer_max_volumes)", legend: "allowed" },
          ],
        },
        {
          title: "Volumes that take nothing new",
          unit: "short",
          queries: [{ expr: "sum by (type) (SeaweedFS_volumeServer_read_only_volumes)", legend: "{{type}}" }],
        },
        {
          title: "Memory of the process",
          unit: "bytes",
          queries: [{ expr: 'process_resident_memory_bytes{job="seaweedfs"}', legend: "{{instance}}" }],
        },
      ],
    },
  };
}
