import { stringify } from "yaml";
import type { Duration } from "../../model/units.ts";
import type { Endpoint, Metrics, Workload } from "../../model/workload.ts";

/** One thing to scrape. */
export interface ScrapeTarget {
  readonly job: string;
  /** The service that the metrics are about. */
  readonly service: string;
  readonly endpoint: Endpoint;
  readonly metrics: Metrics;
}

/** The metrics that the workloads declare, sorted by name. */
export function scrapeTargets(workloads: readonly Workload[]): readonly ScrapeTarget[] {
  return workloads
    .flatMap((workload) => {
      const { name, spec } = workload;
      const { metrics, observability } = spec;
      return metrics === undefined
        ? []
        : [{ job: name, service: observability?.service ?? name, endpoint: workload.endpoint(metrics.port), metrics }];
    })
    .sort((a, b) => (a.job < b.job ? -1 : 1));
}

export interface PrometheusConfigArgs {
  readonly targets: readonly ScrapeTarget[];
  readonly scrapeInterval: Duration;
  /** Name of the stack, which every alert carries. */
  readonly stack: string;
  /** Path of the rule file. */
  readonly rules: string;
  /** Jobs for what is no workload, in the form of Prometheus. @default [] */
  readonly furtherJobs?: readonly object[] | undefined;
  /** Own address and metrics. */
  readonly own: { readonly address: string; readonly metrics: Metrics };
  /** @default - alerts are shown in Prometheus only */
  readonly alertmanager?: Endpoint | undefined;
}

/** Series above which a scrape is refused, so that a label gone wild costs one target and not the server. */
const SAMPLE_LIMIT = 2000;

/** prometheus.yml: one scrape job a workload, one target a replica. */
export function prometheusConfiguration({
  targets,
  scrapeInterval,
  stack,
  rules,
  own,
  alertmanager,
  furtherJobs = [],
}: PrometheusConfigArgs): string {
  return stringify(
    {
      // Half as much garbage as its own default lets stand: at some thousand series memory is dearer than the work.
      runtime: { gogc: 50 },
      global: { scrape_interval: scrapeInterval, evaluation_interval: scrapeInterval, external_labels: { stack } },
      rule_files: [rules],
      ...(alertmanager && { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager.address] }] }] } }),
      scrape_configs: [
        scrapeJob("prometheus", "prometheus", own.metrics, { static_configs: [{ targets: [own.address] }] }),
        ...targets.map(({ job, service, endpoint, metrics }) => scrapeJob(job, service, metrics, discovery(endpoint))),
        ...furtherJobs,
      ],
    },
    { lineWidth: 0 },
  );
}

function scrapeJob(job: string, service: string, { path, drop, keep }: Metrics, targets: object): object {
  const rule = (regex: string | undefined, action: string) =>
    regex === undefined ? [] : [{ source_labels: ["__name__"], regex, action }];
  const stored = [...rule(keep, "keep"), ...rule(drop, "drop")];
  return {
    job_name: job,
    metrics_path: path,
    sample_limit: SAMPLE_LIMIT,
    ...targets,
    relabel_configs: [{ target_label: "service", replacement: service }],
    ...(stored.length > 0 && { metric_relabel_configs: stored }),
  };
}

/** Every replica is a target of its own: by name, or by the addresses that one name resolves to. */
function discovery({ replicaDns, replicaHosts, port }: Endpoint): object {
  if (replicaDns !== undefined)
    return { dns_sd_configs: [{ names: [replicaDns], type: "A", port, refresh_interval: "15s" }] };
  return { static_configs: [{ targets: replicaHosts.map((host) => `${host}:${port}`) }] };
}
