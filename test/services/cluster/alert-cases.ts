import { series, type AlertCase } from "../alert-case.ts";

const ksm = { job: "kube-state-metrics", instance: "kube-state-metrics:8080", namespace: "apprun-prod" };
export const pod = { pod: "apprun-1", container: "apprun" };
/** What kube-state-metrics says of that pod. */
export const inPod = (metric: string, values: string, more: Record<string, string> = {}) =>
  series(metric, { ...ksm, service: "kubernetes", ...pod, ...more }, values);
const RESTARTS = "kube_pod_container_status_restarts_total";
const outOfMemory = (reason: string) => ({
  ...inPod(RESTARTS, "0x5 1x15"),
  ...inPod("kube_pod_container_status_last_terminated_reason", "1x20", { reason }),
});

export const CASES: readonly AlertCase[] = [
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
    quiet: {
      series: series("kube_job_failed", { ...ksm, job_name: "kratos-migrate", condition: "true" }, "0x5"),
      at: "2m",
    },
  },
];
