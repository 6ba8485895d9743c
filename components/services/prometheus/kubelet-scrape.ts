/** Where a pod finds what it shows to the API server and to kubelets. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What is read of the kubelets, by path. */
const KEPT = {
  kubelet: { path: "/metrics", metrics: "kubelet_volume_stats_(available|capacity)_bytes" },
  "kubelet-resource": {
    path: "/metrics/resource",
    metrics: "container_(memory_working_set_bytes|cpu_usage_seconds_total)",
  },
  // Of whole pods, whose limit is the sum of their containers'.
  "kubelet-cadvisor": {
    path: "/metrics/cadvisor",
    metrics: "container_cpu_cfs_(throttled_)?periods_total",
    container: "",
  },
} as const;

/**
 * Scrape jobs for the kubelet of every node. A kubelet answers for all of its
 * pods: what is not of the namespace is dropped before it is stored, and so are
 * sums over pods and labels that change with every container.
 */
export function kubeletJobs(namespace: string): readonly object[] {
  return Object.entries(KEPT).map(([job, { path, metrics, ...more }]) => ({
    job_name: job,
    metrics_path: path,
    scheme: "https",
    // k3s signs the kubelets' certificates with the authority that pods know.
    tls_config: { ca_file: `${ACCOUNT}/ca.crt` },
    authorization: { credentials_file: `${ACCOUNT}/token` },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [
      { source_labels: ["__meta_kubernetes_node_name"], target_label: "instance" },
      { target_label: "service", replacement: "kubelet" },
    ],
    metric_relabel_configs: [
      { source_labels: ["__name__", "namespace"], separator: ";", regex: `${metrics};${namespace}`, action: "keep" },
      ...("container" in more ? [{ source_labels: ["container"], regex: more.container, action: "keep" }] : []),
      { regex: "id|name|image", action: "labeldrop" },
    ],
  }));
}
