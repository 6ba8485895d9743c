/** Where a pod finds what it shows to the API server and to kubelets. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What is read of the kubelets, by path. */
const KEPT = {
  "/metrics": "kubelet_volume_stats_(available|capacity)_bytes",
  "/metrics/cadvisor": "container_(memory_working_set_bytes|spec_memory_limit_bytes|cpu_usage_seconds_total|cpu_cfs_(throttled_)?periods_total)",
};

/**
 * Scrape jobs for the kubelet of every node. A kubelet answers for all of its
 * pods: what is not of the namespace is dropped before it is stored, and so are
 * sums over pods and labels that change with every container.
 */
export function kubeletJobs(namespace: string): readonly object[] {
  return Object.entries(KEPT).map(([path, kept]) => ({
    job_name: path === "/metrics" ? "kubelet" : "cadvisor",
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
      { source_labels: ["__name__", "namespace"], separator: ";", regex: `${kept};${namespace}`, action: "keep" },
      ...(path === "/metrics" ? [] : [{ source_labels: ["container"], regex: "", action: "drop" }]),
      { regex: "id|name|image", action: "labeldrop" },
    ],
  }));
}
