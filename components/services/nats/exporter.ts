import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Endpoint, Ready, Resources, WorkloadSpec } from "../../model/workload.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import { natsObservability } from "./observability.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface NatsExporterArgs extends ServiceArgs<"natsExporter"> {
  /** The server's monitoring port. */
  readonly monitoring: Endpoint;
  readonly dependsOn: readonly Ready[];
}

/** Metrics of NATS, which itself answers in JSON only. */
export class NatsExporter extends ComponentResource {
  constructor(name: string, args: NatsExporterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:NatsExporter", name, {}, opts);
    const workload = args.platform.workload(
      name,
      natsExporterWorkload({ ...args, image: args.image("natsExporter") }),
      { parent: this },
    );
    this.registerOutputs(shownWorkload(workload));
  }
}

const PORT = 7777;

export interface NatsExporterWorkloadArgs extends Pick<NatsExporterArgs, "monitoring" | "dependsOn"> {
  readonly image: Image;
  readonly resources: Resources;
}

export function natsExporterWorkload({
  image,
  monitoring,
  dependsOn,
  resources,
}: NatsExporterWorkloadArgs): WorkloadSpec<"app"> {
  return exporterWorkload({
    image,
    // Without the server's random id in every series: a restart of the server would begin new ones.
    entrypoint: ["prometheus-nats-exporter"],
    args: [
      "-port",
      String(PORT),
      "-use_internal_server_name",
      "-varz",
      "-healthz",
      "-jsz=all",
      `http://${monitoring.address}`,
    ],
    resources,
    port: PORT,
    probe: { kind: "http", port: "metrics", path: "/metrics", interval: "10s" },
    drop: "go_.*",
    observability: natsObservability(),
    connectsTo: [monitoring],
    dependsOn,
  });
}
