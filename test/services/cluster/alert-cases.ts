import { downCase, type AlertCase, type Series } from "../alert-case.ts";

const ksm = { job: "kube-state-metrics", instance: "kube-state-metrics:8080", namespace: "apprun-prod" };
const pod = { pod: "apprun-1", container: "apprun" };
const series = (metric: string, labels: Record<string, string>, values: string): Series => ({
  [`${metric}{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(",")}}`]: values,
});
const inPod = (metric: string, values: string, more: Record<string, string> = {}) => series(metric, { ...ksm, service: "kubernetes", ...pod, ...more }, values);
const kubelet = (metric: string, values: string, of: Record<string, string>) => series(metric, { instance: "node", service: "kubelet", ...of }, values);
const volume = { job: "kubelet", instance: "node", persistentvolumeclaim: "postgres-17" };
const disk = (free: string, minutes: number): Series => ({
  ...series("kubelet_volume_stats_available_bytes", { ...volume, service: "kubelet" }, free),
  ...series("kubelet_volume_stats_capacity_bytes", { ...volume, service: "kubelet" }, `100000x${minutes}`),
});
const RESTARTS = "kube_pod_container_status_restarts_total";
const memory = (used: number) => ({
  ...kubelet("container_memory_working_set_bytes", `${used}x20`, pod),
  ...inPod("kube_pod_container_resource_limits", "100x20", { resource: "memory" }),
});
const throttled = (periods: number) => ({
  ...kubelet("container_cpu_cfs_throttled_periods_total", `0+${periods}x40`, { pod: "apprun-1" }),
  ...kubelet("container_cpu_cfs_periods_total", "0+600x40", { pod: "apprun-1" }),
});
const outOfMemory = (reason: string) => ({
  ...inPod(RESTARTS, "0x5 1x15"),
  ...inPod("kube_pod_container_status_last_terminated_reason", "1x20", { reason }),
});

export const CLUSTER_CASES: readonly AlertCase[] = [
  downCase("KubeletDown", "kubelet", "node"),
  {
    alert: "PodPending",
    firing: {
      series: inPod("kube_pod_status_phase", "1x20", { phase: "Pending" }),
      at: "15m",
      labels: { ...ksm, ...pod, phase: "Pending" },
      description: "apprun-1 has waited for 10 minutes (pending is 1).",
    },
    quiet: { series: inPod("kube_pod_status_phase", "1x5 0x15", { phase: "Pending" }), at: "15m" },
  },
  {
    alert: "ContainerRestarting",
    firing: {
      series: inPod(RESTARTS, "0+1x30"),
      at: "30m",
      labels: { ...ksm, ...pod },
      description: "apprun of apprun-1 restarted 30 times within 30 minutes.",
    },
    quiet: { series: inPod(RESTARTS, "0x10 1x20"), at: "30m" },
  },
  {
    alert: "ContainerOutOfMemory",
    firing: {
      series: outOfMemory("OOMKilled"),
      at: "15m",
      labels: { ...ksm, ...pod },
      description: "apprun of apprun-1 used more than its limit and restarted 1 times within 15 minutes.",
    },
    quiet: { series: outOfMemory("Error"), at: "15m" },
  },
  {
    alert: "ReplicasMissing",
    firing: {
      series: {
        ...series("kube_deployment_spec_replicas", { ...ksm, deployment: "apprun" }, "3x20"),
        ...series("kube_deployment_status_replicas_available", { ...ksm, deployment: "apprun" }, "1x20"),
      },
      at: "15m",
      labels: { ...ksm, deployment: "apprun" },
      description: "2 pods of apprun have been missing for 10 minutes.",
    },
    quiet: {
      series: {
        ...series("kube_statefulset_replicas", { ...ksm, statefulset: "cache" }, "1x20"),
        ...series("kube_statefulset_status_replicas_ready", { ...ksm, statefulset: "cache" }, "0x5 1x15"),
      },
      at: "15m",
    },
  },
  {
    alert: "JobFailed",
    firing: {
      series: series("kube_job_failed", { ...ksm, job_name: "kratos-migrate", condition: "true" }, "1x5"),
      at: "2m",
      labels: { ...ksm, job_name: "kratos-migrate", condition: "true" },
      description: "kratos-migrate ended without success (failed is 1).",
    },
    quiet: { series: series("kube_job_failed", { ...ksm, job_name: "kratos-migrate", condition: "true" }, "0x5"), at: "2m" },
  },
  {
    alert: "ContainerMemoryNearLimit",
    firing: { series: memory(95), at: "15m", labels: pod, description: "apprun of apprun-1 uses 95% of its memory limit." },
    quiet: { series: memory(80), at: "15m" },
  },
  {
    alert: "PodThrottled",
    firing: { series: throttled(480), at: "40m", labels: { pod: "apprun-1" }, description: "apprun-1 was held back in 80% of its periods." },
    quiet: { series: throttled(120), at: "40m" },
  },
  {
    alert: "VolumeWillFill",
    firing: {
      series: disk("40000-60x480", 480),
      at: "480m",
      labels: volume,
      description: "At the rate of the last 6 hours postgres-17 would have -73.44kiB free in 24 hours.",
    },
    quiet: { series: disk("30000x480", 480), at: "480m" },
  },
  {
    alert: "VolumeNearlyFull",
    firing: { series: disk("5000x20", 20), at: "10m", labels: volume, description: "5% of postgres-17 are free." },
    quiet: { series: disk("20000x20", 20), at: "10m" },
  },
];
