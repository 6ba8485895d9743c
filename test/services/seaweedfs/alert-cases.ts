import { downCase, labelsOf, series, type AlertCase } from "../alert-case.ts";

const INSTANCE = "seaweedfs:9327";
const COPY = "seaweedfs-copy:9326";
const LABELS = labelsOf("seaweedfs", INSTANCE);
const target = { job: "seaweedfs", instance: INSTANCE };
const weed = (metric: string, values: string, labels: Readonly<Record<string, string>> = {}) =>
  series(`SeaweedFS_${metric}`, { ...LABELS, ...labels }, values);

/** A tenth of 10Gi, the size of the volume that nothing was said about. */
const TENTH = 1024 ** 3;

export const CASES: readonly AlertCase[] = [
  downCase("SeaweedfsDown", "seaweedfs", INSTANCE),
  {
    alert: "SeaweedfsErrors",
    firing: {
      series: {
        ...weed("s3_request_total", "0+9x20", { code: "200", type: "PUT" }),
        ...weed("s3_request_total", "0+1x20", { code: "500", type: "PUT" }),
      },
      at: "15m",
      labels: target,
      description: "10% of the requests have ended with an error of the server.",
    },
    quiet: {
      series: {
        ...weed("s3_request_total", "0+99x20", { code: "200", type: "GET" }),
        ...weed("s3_request_total", "0+50x20", { code: "404", type: "GET" }),
        ...weed("s3_request_total", "0+1x20", { code: "500", type: "GET" }),
      },
      at: "15m",
    },
  },
  {
    alert: "SeaweedfsDiskErrors",
    firing: {
      series: weed("volumeServer_disk_error_status", "0x3 1x10", { name: "/var/tmp", type: "error" }),
      at: "6m",
      labels: target,
      description: `${INSTANCE} could not write to its volume (the value is 1).`,
    },
    alsoFiring: {
      series: weed("volumeServer_file_write_failures", "0x10 4x10"),
      at: "15m",
      labels: target,
      description: `${INSTANCE} could not write to its volume (the value is 4).`,
    },
    quiet: {
      series: {
        ...weed("volumeServer_disk_error_status", "0x20", { name: "/var/tmp", type: "error" }),
        ...weed("volumeServer_file_write_failures", "4x20"),
      },
      at: "15m",
    },
  },
  {
    alert: "SeaweedfsReadOnly",
    firing: {
      series: weed("volumeServer_read_only_volumes", "0x3 7x20", { collection: "uploads", type: "isDiskSpaceLow" }),
      at: "15m",
      labels: target,
      description: `7 volumes of ${INSTANCE} are read-only for lack of disk space.`,
    },
    quiet: {
      series: weed("volumeServer_read_only_volumes", "7x3 0x20", { collection: "uploads", type: "isDiskSpaceLow" }),
      at: "15m",
    },
  },
  {
    alert: "SeaweedfsNoVolumeForWrites",
    firing: {
      series: weed("master_pick_for_write_error", "0+1x30"),
      at: "20m",
      labels: target,
      description: "10 writes found no volume within 10 minutes.",
    },
    quiet: { series: weed("master_pick_for_write_error", "12x30"), at: "20m" },
  },
  {
    alert: "SeaweedfsSlotsNearLimit",
    firing: {
      series: {
        ...weed("volumeServer_volumes", "7x20", { collection: "", type: "volume" }),
        ...weed("volumeServer_volumes", "37x20", { collection: "uploads", type: "volume" }),
        ...weed("volumeServer_max_volumes", "47x20"),
      },
      at: "15m",
      labels: target,
      description: "93.62% of the volumes are in use; above it a full one has no successor.",
    },
    quiet: {
      series: {
        ...weed("volumeServer_volumes", "14x20", { collection: "uploads", type: "volume" }),
        ...weed("volumeServer_max_volumes", "47x20"),
      },
      at: "15m",
    },
  },
  downCase("SeaweedfsCopyDown", "seaweedfs-copy", COPY),
  {
    alert: "SeaweedfsCopyOld",
    firing: {
      series: series("seaweedfs_copy_success_timestamp_seconds", labelsOf("seaweedfs-copy", COPY), "0x50"),
      at: "45m",
      labels: { job: "seaweedfs-copy", instance: COPY },
      description: "The last whole copy of the bucket was made 45m 0s ago.",
    },
    quiet: {
      series: series("seaweedfs_copy_success_timestamp_seconds", labelsOf("seaweedfs-copy", COPY), "0x20 1200x30"),
      at: "45m",
    },
  },
  {
    alert: "SeaweedfsStorageNearLimit",
    firing: {
      series: {
        ...weed("volumeServer_total_disk_size", `${7 * TENTH}x20`, { collection: "uploads", type: "normal" }),
        ...weed("volumeServer_total_disk_size", `${2 * TENTH}x20`, { collection: "uploads", type: "deleted_bytes" }),
      },
      at: "15m",
      labels: target,
      description: "90% of seaweedfs.storage are used; from nine tenths on it takes no new files.",
    },
    quiet: {
      series: weed("volumeServer_total_disk_size", `${7 * TENTH}x20`, { collection: "uploads", type: "normal" }),
      at: "15m",
    },
  },
];
