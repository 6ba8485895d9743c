import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Volume } from "../../model/volume.ts";
import type { WorkloadSpec } from "../../model/workload.ts";
import { backupObservability, type BackupSchedules } from "./observability.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import type { SharedArgs } from "../kit/service-args.ts";
import { METRICS_RESOURCES, METRICS_SIZE } from "./index.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface BackupMetricsArgs extends SharedArgs<"nodeExporter">, BackupSchedules {
  /** Whether a Prometheus asks. */
  readonly isScraped: boolean;
}

/** Keeps the outcome of the last backup and the last drill, and answers Prometheus with it. */
export class BackupMetrics extends ComponentResource {
  /** Where the outcome is written. */
  readonly volume: Volume;

  constructor(name: string, args: BackupMetricsArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:BackupMetrics", name, {}, opts);
    this.volume = args.platform.volume(name, { size: METRICS_SIZE, retention: "cache" }, { parent: this });
    const workload =
      args.isScraped &&
      args.platform.workload(name, metricsWorkload(args.image("nodeExporter"), this.volume, args), { parent: this });
    this.registerOutputs(workload ? shownWorkload(workload) : {});
  }
}

export const METRICS_PATH = "/backup-metrics";

/** Serves the file that the scripts write: node_exporter with nothing but its collector for such files. */
export function metricsWorkload(image: Image, volume: Volume, schedules: BackupSchedules): WorkloadSpec<"app"> {
  return exporterWorkload({
    image,
    args: [
      "--collector.disable-defaults",
      "--collector.textfile",
      `--collector.textfile.directory=${METRICS_PATH}`,
      "--web.disable-exporter-metrics",
    ],
    mounts: [{ volume, path: METRICS_PATH, readOnly: true }],
    resources: METRICS_RESOURCES,
    port: 9100,
    observability: backupObservability(schedules),
  });
}
