import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../../model/images.ts";
import { seconds, type Bytes, type Duration } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Endpoint, WorkloadSpec } from "../../model/workload.ts";
import { LOKI_KEEP, logsObservability } from "./observability.ts";
import { goMemory } from "../kit/go-memory.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface LokiArgs extends ServiceArgs<"loki"> {
  readonly retention: Duration;
  readonly storage: Bytes;
}

/** Loki as one process: lines lie in a store of files and are forgotten after a time. */
export class Loki extends ComponentResource implements Made {
  readonly dataSource: NonNullable<Made["dataSource"]>;
  readonly http: Endpoint<"app">;

  constructor(name: string, args: LokiArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Loki", name, {}, opts);
    const volume = args.platform.volume(
      name,
      { size: args.storage, retention: "data", backup: LEFT_OUT },
      { parent: this },
    );
    const spec = lokiWorkload({ ...args, image: args.image("loki"), data: { volume, path: DATA_PATH } });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.http = workload.endpoint("http");
    this.dataSource = { name: "Loki", type: "loki", endpoint: this.http };
    this.registerOutputs(shownWorkload(workload));
  }
}

/** Every user may write here in every build of the image, and a fresh Docker volume takes owner and mode of the directory that it covers. */
const DATA_PATH = "/tmp";
const CONFIG_PATH = "/etc/loki/loki.yaml";
const LEFT_OUT = { leftOut: "lines are forgotten after logs.retention anyway; nothing else depends on them" };
/** The image has no tool but its one program, whose health check asks this port. */
const LOKI_PORT = 3100;

/** What every line carries: stack, service and level. */
export const LOG_LABELS = 3;
/** Combinations of their values: each has a file of its own open. */
const STREAMS = 500;

export interface LokiWorkloadArgs extends Pick<LokiArgs, "retention" | "storage" | "resources"> {
  readonly image: Image;
  readonly data: Mount;
}

export function lokiWorkload({ image, data, resources, retention, storage }: LokiWorkloadArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image,
    args: [`-config.file=${CONFIG_PATH}`],
    env: goMemory(resources),
    files: [{ path: CONFIG_PATH, content: lokiConfiguration({ directory: `${data.path}/loki`, retention }) }],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: { http: { port: LOKI_PORT, exposure: "internal" } },
    probe: { kind: "exec", command: ["/usr/bin/loki", "-health"] },
    metrics: { port: "http", path: "/metrics", keep: LOKI_KEEP },
    observability: logsObservability({ storage, retention }),
    onlyOne: "its store is one directory, which a second process cannot open",
    logs: "local",
  };
}

/** Loki's configuration: one tenant, files on a volume, and limits on what a line may carry. */
export function lokiConfiguration({
  directory,
  retention,
}: {
  readonly directory: string;
  readonly retention: Duration;
}): string {
  const kept = `${seconds(retention)}s`;
  return stringify({
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    // One process: its parts talk to each other on the loopback.
    server: { http_listen_port: LOKI_PORT, grpc_listen_address: "127.0.0.1", log_level: "warn", log_format: "json" },
    common: {
      path_prefix: directory,
      replication_factor: 1,
      instance_addr: "127.0.0.1",
      ring: { kvstore: { store: "inmemory" } },
      storage: { filesystem: { chunks_directory: `${directory}/chunks`, rules_directory: `${directory}/rules` } },
    },
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    // The wait is for other instances, of which there are none.
    ingester: { lifecycler: { min_ready_duration: "0s" } },
    compactor: {
      working_directory: `${directory}/compactor`,
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    limits_config: {
      retention_period: kept,
      reject_old_samples: true,
      reject_old_samples_max_age: kept,
      max_label_names_per_series: LOG_LABELS,
      max_global_streams_per_user: STREAMS,
      // A long line is cut, not refused with the whole batch that it came in.
      max_line_size_truncate: true,
      // Labels and fields that Loki would add of its own.
      discover_service_name: [],
      discover_log_levels: false,
    },
  });
}
