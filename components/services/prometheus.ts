import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../model/images.js";
import { mebibytes, seconds, type Bytes, type Duration } from "../model/units.js";
import type { Endpoint, Mount, Resources, Workload, WorkloadSpec } from "../model/workload.js";
import type { ServiceArgs } from "./service-args.js";

export interface PrometheusArgs extends ServiceArgs {
  readonly retention: Duration;
  readonly storage: Bytes;
  readonly scrapeInterval: Duration;
  /** Workloads of the stack; those with metrics are scraped. */
  readonly workloads: readonly Workload[];
}

/** Prometheus; its targets derive from the workloads' own metrics. */
export class Prometheus extends ComponentResource {
  readonly http: Endpoint;

  constructor(name: string, args: PrometheusArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Prometheus", name, {}, opts);
    const volume = args.platform.volume(name, { size: args.storage, retention: "data" }, { parent: this });
    const workload = args.platform.workload(
      name,
      prometheusWorkload({ ...args, image: args.image("prometheus"), data: { volume, path: DATA_PATH }, targets: scrapeTargets(args.workloads) }),
      { parent: this },
    );
    this.http = workload.endpoint("http");
    this.registerOutputs({});
  }
}

/** Its address, for those that stand before it because it scrapes them. */
export function prometheusEndpoint(name: string): Endpoint {
  return { workload: name, portName: "http", host: name, port: PORT, address: `${name}:${PORT}`, zone: "backend", memberOf: ["backend"], replicaHosts: [name] };
}

const PORT = 9090;
const DATA_PATH = "/prometheus";
const CONFIG_PATH = "/etc/prometheus/prometheus.yml";

/** One thing to scrape. */
export interface ScrapeTarget {
  readonly job: string;
  readonly endpoint: Endpoint;
  readonly path: string;
}

/** The metrics that the workloads declare, sorted by name. */
export function scrapeTargets(workloads: readonly Workload[]): readonly ScrapeTarget[] {
  return workloads
    .flatMap((workload) => {
      const { metrics } = workload.spec;
      return metrics === undefined ? [] : [{ job: workload.name, endpoint: workload.endpoint(metrics.port), path: metrics.path }];
    })
    .sort((a, b) => (a.job < b.job ? -1 : 1));
}

export interface PrometheusWorkloadArgs extends Pick<PrometheusArgs, "retention" | "storage" | "scrapeInterval"> {
  readonly image: Image;
  readonly data: Mount;
  readonly targets: readonly ScrapeTarget[];
  readonly resources: Resources;
}

/** Part of the volume that blocks may fill; the rest is for the write-ahead log and compaction. */
const BLOCKS_SHARE = 0.8;

export function prometheusWorkload({ image, data, targets, resources, retention, storage, scrapeInterval }: PrometheusWorkloadArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image,
    args: [
      `--config.file=${CONFIG_PATH}`,
      `--storage.tsdb.path=${data.path}`,
      `--storage.tsdb.retention.time=${seconds(retention)}s`,
      `--storage.tsdb.retention.size=${Math.floor(mebibytes(storage) * BLOCKS_SHARE)}MB`,
    ],
    files: [{ path: CONFIG_PATH, content: prometheusConfiguration(targets, scrapeInterval) }],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { http: { port: PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/-/ready" },
    metrics: { port: "http", path: "/metrics" },
    connectsTo: targets.map(({ endpoint }) => endpoint),
  };
}

/** prometheus.yml: one scrape job a workload, one target a replica. */
export function prometheusConfiguration(targets: readonly ScrapeTarget[], scrapeInterval: Duration): string {
  const own: object = { job_name: "prometheus", static_configs: [{ targets: [`localhost:${PORT}`] }] };
  return stringify({
    global: { scrape_interval: scrapeInterval, evaluation_interval: scrapeInterval },
    scrape_configs: [
      own,
      ...targets.map(({ job, endpoint, path }) => ({
        job_name: job,
        metrics_path: path,
        ...discovery(endpoint),
      })),
    ],
  });
}

/** Every replica is a target of its own: by name, or by the addresses that one name resolves to. */
function discovery({ replicaDns, replicaHosts, port }: Endpoint): object {
  if (replicaDns !== undefined) return { dns_sd_configs: [{ names: [replicaDns], type: "A", port, refresh_interval: "15s" }] };
  return { static_configs: [{ targets: replicaHosts.map((host) => `${host}:${port}`) }] };
}
