import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../../model/images.ts";
import { mebibytes, seconds, type Bytes, type Duration } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Endpoint, WorkloadSpec } from "../../model/workload.ts";
import { JAEGER_PORT } from "./index.ts";
import { JAEGER_DROP, jaegerObservability } from "./observability.ts";
import { goMemory } from "../kit/go-memory.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface JaegerArgs extends ServiceArgs<"jaeger"> {
  readonly retention: Duration;
  readonly storage: Bytes;
}

/** Where spans are sent to. */
export interface SpanEndpoints {
  /** OTLP over HTTP. */
  readonly otlp: Endpoint;
  /** Jaeger's own older form over HTTP. */
  readonly thrift: Endpoint;
}

/**
 * Jaeger 2, which is an OpenTelemetry collector with a store and pages: its own
 * pipeline receives, bounds and batches, so no collector stands before it.
 */
export class Jaeger extends ComponentResource implements Made {
  readonly dataSource: NonNullable<Made["dataSource"]>;
  readonly pages: NonNullable<Made["pages"]>;

  readonly spans: SpanEndpoints;
  readonly http: Endpoint<"app">;

  constructor(name: string, args: JaegerArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Jaeger", name, {}, opts);
    // Worth a restart, not worth refusing to switch it off.
    const volume = args.platform.volume(name, { size: args.storage, retention: "cache" }, { parent: this });
    const spec = jaegerWorkload({ ...args, image: args.image("jaeger"), data: { volume, path: DATA_PATH } });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.spans = { otlp: workload.endpoint("otlp"), thrift: workload.endpoint("thrift") };
    this.http = workload.endpoint("http");
    this.pages = { jaeger: this.http };
    this.dataSource = { name: "Jaeger", type: "jaeger", endpoint: this.http };
    this.registerOutputs(shownWorkload(workload));
  }
}

/** The image declares it as a volume that every user may write; ours in its place leaves no nameless one behind. */
const DATA_PATH = "/tmp";
const CONFIG_PATH = "/etc/jaeger/jaeger.yaml";
const OTLP_PORT = 4318;
const THRIFT_PORT = 14268;
const METRICS_PORT = 8888;
const HEALTH_PORT = 13133;
const HEALTH_PATH = "/status";

/** The part of the memory limit above which spans are refused. */
const SPANS_SHARE = 0.8;
export interface JaegerWorkloadArgs extends Pick<JaegerArgs, "retention" | "storage" | "resources"> {
  readonly image: Image;
  readonly data: Mount;
}

export function jaegerWorkload({
  image,
  data,
  resources,
  retention,
  storage,
}: JaegerWorkloadArgs): WorkloadSpec<"app"> {
  const memory = resources.limits.memory;
  return {
    tier: "app",
    zone: "backend",
    image,
    args: ["--config", CONFIG_PATH],
    env: goMemory(resources),
    files: [{ path: CONFIG_PATH, content: jaegerConfiguration({ directory: data.path, retention, memory }) }],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: {
      http: { port: JAEGER_PORT, exposure: "proxied" },
      otlp: { port: OTLP_PORT, exposure: "internal" },
      thrift: { port: THRIFT_PORT, exposure: "internal" },
      metrics: { port: METRICS_PORT, exposure: "internal" },
      health: { port: HEALTH_PORT, exposure: "internal" },
    },
    probe: { kind: "http", port: "health", path: HEALTH_PATH, interval: "5s" },
    metrics: { port: "metrics", path: "/metrics", drop: JAEGER_DROP },
    observability: jaegerObservability({ storage }),
    onlyOne: "its store is one directory, which a second process cannot open",
  };
}

/** The collector's configuration: spans come in as OTLP or in Jaeger's older form, and go to a store on disk. */
export function jaegerConfiguration({
  directory,
  retention,
  memory,
}: {
  directory: string;
  retention: Duration;
  memory: Bytes;
}): string {
  const everywhere = (port: number) => ({ endpoint: `0.0.0.0:${port}` });
  const store = "badger";
  return stringify({
    receivers: {
      otlp: { protocols: { http: everywhere(OTLP_PORT) } },
      jaeger: { protocols: { thrift_http: everywhere(THRIFT_PORT) } },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_mib: Math.floor(mebibytes(memory) * SPANS_SHARE) },
      batch: { timeout: "1s" },
    },
    exporters: { jaeger_storage_exporter: { trace_storage: store } },
    extensions: {
      healthcheckv2: {
        use_v2: true,
        http: { ...everywhere(HEALTH_PORT), status: { enabled: true, path: HEALTH_PATH } },
      },
      jaeger_query: {
        storage: { traces: store },
        http: everywhere(JAEGER_PORT),
        grpc: { endpoint: "127.0.0.1:16685" },
      },
      jaeger_storage: {
        backends: {
          [store]: {
            badger: {
              directories: { keys: `${directory}/jaeger/keys`, values: `${directory}/jaeger/values` },
              ephemeral: false,
              ttl: { spans: `${seconds(retention)}s` },
            },
          },
        },
      },
    },
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: {
          receivers: ["otlp", "jaeger"],
          processors: ["memory_limiter", "batch"],
          exporters: ["jaeger_storage_exporter"],
        },
      },
      telemetry: {
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: METRICS_PORT } } } }],
        },
        logs: { level: "info", encoding: "json" },
      },
    },
  });
}
