import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { ClusterAccess } from "../../model/cluster-access.ts";
import type { Image } from "../../model/images.ts";
import type { LogSource } from "../../model/log-source.ts";
import type { Endpoint, Resources, WorkloadSpec } from "../../model/workload.ts";
import { alloyConfiguration, GELF_PORT } from "./alloy-config.ts";
import { ALLOY_KEEP, LOGS_SERVICE } from "./observability.ts";
import { goMemory } from "../kit/go-memory.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface AlloyArgs extends ServiceArgs<"alloy"> {
  readonly source: LogSource;
  readonly loki: Endpoint;
  /** Name of the stack, which every line carries. */
  readonly stack: string;
}

/** Grafana Alloy, which brings the lines of every container to Loki. */
export class Alloy extends ComponentResource {
  constructor(name: string, args: AlloyArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Alloy", name, {}, opts);
    const workload = args.platform.workload(name, alloyWorkload({ ...args, image: args.image("alloy") }), {
      parent: this,
    });
    this.registerOutputs(shownWorkload(workload));
  }
}

const CONFIG_PATH = "/etc/alloy/apprun.alloy";
/** The directory that the image has for it keeps its mode under a tmpfs and loses its owner. */
const STORAGE_PATH = "/tmp/alloy";
const HTTP_PORT = 12345;
/** The image has a shell and no client for HTTP. */
const READY = `exec 3<>/dev/tcp/127.0.0.1/${HTTP_PORT} && printf 'GET /-/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]`;

export interface AlloyWorkloadArgs extends Pick<AlloyArgs, "source" | "loki" | "stack"> {
  readonly image: Image;
  readonly resources: Resources;
}

export function alloyWorkload({ image, resources, source, loki, stack }: AlloyWorkloadArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    // A port of the host's loopback needs a network that is not internal.
    zone: source.kind === "engine" ? "edge" : "backend",
    image,
    args: [
      "run",
      CONFIG_PATH,
      `--storage.path=${STORAGE_PATH}`,
      `--server.http.listen-addr=0.0.0.0:${HTTP_PORT}`,
      "--disable-reporting",
      "--server.http.disable-support-bundle",
    ],
    env: goMemory(resources),
    files: [{ path: CONFIG_PATH, content: alloyConfiguration({ source, loki, stack }) }],
    // How far it has read: without it a cluster's lines are read again, and Loki knows them by their time and text.
    scratch: ["/tmp"],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: {
      http: { port: HTTP_PORT, exposure: "internal" },
      ...(source.kind === "engine" && {
        gelf: { port: GELF_PORT, exposure: "loopback", hostPort: source.hostPort, protocol: "udp" },
      }),
    },
    probe: { kind: "exec", command: ["bash", "-c", READY] },
    metrics: { port: "http", path: "/metrics", keep: ALLOY_KEEP },
    // Its alerts and panels stand beside the store's.
    observability: { service: LOGS_SERVICE },
    connectsTo: [loki],
    ...(source.kind === "cluster" && { clusterAccess: READS_PODS }),
    onlyOne: "each would bring every line",
    logs: "local",
  };
}

const READS_PODS: ClusterAccess = { namespace: { "": ["pods", "pods/log"] } };
