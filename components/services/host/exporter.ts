import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Resources, WorkloadSpec } from "../../model/workload.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import { hostObservability } from "./observability.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

/** Metrics of the one machine that the stack runs on. */
export class HostExporter extends ComponentResource {
  constructor(name: string, args: ServiceArgs<"nodeExporter">, opts: ComponentResourceOptions = {}) {
    super("apprun:service:HostExporter", name, {}, opts);
    const workload = args.platform.workload(
      name,
      hostExporterWorkload({ image: args.image("nodeExporter"), resources: args.resources }),
      { parent: this },
    );
    this.registerOutputs(shownWorkload(workload));
  }
}

const PORT = 9100;
/** What a container sees of its machine without any mount: /proc is the machine's own, except for processes and network. */
const COLLECTORS = ["cpu", "diskstats", "filesystem", "loadavg", "meminfo", "pressure", "vmstat"];

export function hostExporterWorkload({
  image,
  resources,
}: {
  readonly image: Image;
  readonly resources: Resources;
}): WorkloadSpec<"app"> {
  return exporterWorkload({
    image,
    args: [
      `--web.listen-address=:${PORT}`,
      "--collector.disable-defaults",
      ...COLLECTORS.map((collector) => `--collector.${collector}`),
      // The root of a container is on the engine's disk, which holds the volumes too; the default leaves overlays out.
      "--collector.filesystem.fs-types-exclude=^(autofs|cgroup2?|devpts|mqueue|proc|sysfs|tmpfs)$",
      "--collector.filesystem.mount-points-exclude=^/.+",
    ],
    resources,
    port: PORT,
    observability: hostObservability(),
  });
}
