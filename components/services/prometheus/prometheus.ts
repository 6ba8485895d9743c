import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Observability } from "../../model/observability.ts";
import { mebibytes, seconds, type Bytes, type Duration } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Endpoint, Metrics, Resources, Workload, WorkloadSpec } from "../../model/workload.ts";
import { kubeletJobs } from "./kubelet-scrape.ts";
import { memoryRatios } from "../kit/observability.ts";
import { prometheusConfiguration, scrapeTargets } from "./config.ts";
import { PROMETHEUS_PORT } from "./index.ts";
import { PROMETHEUS_DROP } from "./observability.ts";
import { withMoments } from "./moments.ts";
import { rulesFile } from "./rules.ts";
import { earlyEndpoint } from "../kit/early-endpoint.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface PrometheusArgs extends ServiceArgs<"prometheus"> {
  readonly retention: Duration;
  readonly storage: Bytes;
  readonly scrapeInterval: Duration;
  /** Name of the stack, which every alert carries. */
  readonly stack: string;
  /** Workloads of the stack; those with metrics are scraped. */
  readonly workloads: readonly Workload[];
  /** Rules of every service, its own among them. */
  readonly observabilities: readonly Observability[];
  /** Directory or URL of the runbooks. */
  readonly runbooks: string;
  /** @default - alerts are shown here only */
  readonly alertmanager?: Endpoint | undefined;
  /** The namespace whose containers and volumes are read from the kubelets. @default - kubelets are not asked */
  readonly kubeletsOf?: string | undefined;
}

/** Prometheus; its targets and rules derive from what the workloads declare. */
export class Prometheus extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;

  readonly http: Endpoint<"app">;

  constructor(name: string, args: PrometheusArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Prometheus", name, {}, opts);
    const image = args.image("prometheus");
    const backup = { files: { gid: image.gid, except: LIVE_ENTRIES } };
    const data = args.platform.volume(name, { size: args.storage, retention: "data", backup }, { parent: this });
    const spec = prometheusWorkload({ ...args, image, data: { volume: data, path: DATA_PATH } });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.http = workload.endpoint("http");
    this.pages = { prometheus: this.http };
    this.registerOutputs(shownWorkload(workload));
  }
}

/** Its address, for those that stand before it because it scrapes them. */
export function prometheusEndpoint(name: string): Endpoint<"app"> {
  return earlyEndpoint(name, PROMETHEUS_PORT, { replicaHosts: [name] });
}

/** What a running Prometheus writes to in place: its last hours, which it starts without when they are missing. The blocks beside them never change. */
export const LIVE_ENTRIES = ["wal", "wbl", "chunks_head", "lock", "queries.active"];

const DATA_PATH = "/prometheus";
const CONFIG_PATH = "/etc/prometheus/prometheus.yml";
const RULES_PATH = "/etc/prometheus/rules.yml";
const METRICS: Metrics = { port: "http", path: "/metrics", drop: PROMETHEUS_DROP };

export interface PrometheusWorkloadArgs extends Pick<
  PrometheusArgs,
  | "retention"
  | "storage"
  | "scrapeInterval"
  | "stack"
  | "workloads"
  | "observabilities"
  | "runbooks"
  | "alertmanager"
  | "kubeletsOf"
> {
  readonly image: Image;
  readonly data: Mount;
  readonly resources: Resources;
}

/** Part of the volume that blocks may fill; the rest is for the write-ahead log and compaction. */
const BLOCKS_SHARE = 0.8;

export function prometheusWorkload({
  image,
  data,
  resources,
  retention,
  storage,
  kubeletsOf,
  ...args
}: PrometheusWorkloadArgs): WorkloadSpec<"app"> {
  const { workloads, alertmanager } = args;
  const targets = scrapeTargets(workloads);
  const furtherJobs = kubeletsOf === undefined ? [] : kubeletJobs(kubeletsOf);
  const spec: WorkloadSpec<"app"> = {
    tier: "app",
    zone: "backend",
    image,
    args: [
      `--config.file=${CONFIG_PATH}`,
      `--storage.tsdb.path=${data.path}`,
      `--storage.tsdb.retention.time=${seconds(retention)}s`,
      `--storage.tsdb.retention.size=${Math.floor(mebibytes(storage) * BLOCKS_SHARE)}MB`,
    ],
    files: [
      {
        path: CONFIG_PATH,
        content: prometheusConfiguration({
          ...args,
          targets,
          furtherJobs,
          rules: RULES_PATH,
          own: { address: `localhost:${PROMETHEUS_PORT}`, metrics: METRICS },
        }),
      },
    ],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { http: { port: PROMETHEUS_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/-/ready" },
    metrics: METRICS,
    ...(kubeletsOf !== undefined && { clusterAccess: { nodeMetrics: true } }),
    connectsTo: [...targets.map(({ endpoint }) => endpoint), ...(alertmanager === undefined ? [] : [alertmanager])],
  };
  const recordings = memoryRatios([...workloads, { name: "prometheus", spec }]);
  const rules = (observabilities: readonly Observability[]) => rulesFile({ ...args, observabilities, recordings });
  const content = withMoments(args.observabilities)?.apply(rules) ?? rules(args.observabilities);
  return { ...spec, files: [...(spec.files ?? []), { path: RULES_PATH, content }] };
}
