import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Resources, WorkloadSpec } from "../../model/workload.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import { kubernetesObservability } from "./kubernetes-observability.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface KubeStateMetricsArgs extends ServiceArgs<"kubeStateMetrics"> {
  /** The only namespace that it looks at. */
  readonly namespace: string;
}

/** What the cluster says of the stack's pods, jobs and volume claims. */
export class KubeStateMetrics extends ComponentResource {
  constructor(name: string, args: KubeStateMetricsArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:KubeStateMetrics", name, {}, opts);
    const workload = args.platform.workload(
      name,
      kubeStateMetricsWorkload({ ...args, image: args.image("kubeStateMetrics") }),
      { parent: this },
    );
    this.registerOutputs(shownWorkload(workload));
  }
}

/** The port that its image is started with. */
const PORT = 8080;

/** What is asked for, by API group. */
const KINDS = {
  "": ["pods", "persistentvolumeclaims"],
  apps: ["deployments", "statefulsets"],
  batch: ["jobs"],
} as const;

/** What alerts and panels read, of some hundred. */
const METRICS = [
  "kube_pod_status_phase",
  "kube_pod_container_status_restarts_total",
  "kube_pod_container_status_last_terminated_reason",
  "kube_pod_container_resource_limits",
  "kube_deployment_spec_replicas",
  "kube_deployment_status_replicas_available",
  "kube_statefulset_replicas",
  "kube_statefulset_status_replicas_ready",
  "kube_job_failed",
  "kube_persistentvolumeclaim_status_phase",
];

export interface KubeStateMetricsWorkloadArgs extends Pick<KubeStateMetricsArgs, "namespace"> {
  readonly image: Image;
  readonly resources: Resources;
}

export function kubeStateMetricsWorkload({
  image,
  resources,
  namespace,
}: KubeStateMetricsWorkloadArgs): WorkloadSpec<"app"> {
  return exporterWorkload({
    image,
    args: [
      `--namespaces=${namespace}`,
      `--resources=${Object.values(KINDS).flat().join(",")}`,
      `--metric-allowlist=${METRICS.join(",")}`,
    ],
    resources,
    port: PORT,
    probe: { kind: "http", port: "metrics", path: "/healthz" },
    observability: kubernetesObservability(),
    clusterAccess: { namespace: KINDS },
  });
}
