import type { Observability } from "../../model/observability.ts";

const RESTARTS = "kube_pod_container_status_restarts_total";
const MISSING =
  "kube_deployment_spec_replicas - kube_deployment_status_replicas_available > 0 or kube_statefulset_replicas - kube_statefulset_status_replicas_ready > 0";

/** What the cluster says of the stack's own objects. */
export function kubernetesObservability(): Observability {
  const pods = {
    title: "Pods by phase",
    unit: "short",
    queries: [{ expr: "sum by (phase) (kube_pod_status_phase)", legend: "{{phase}}" }],
  } as const;
  const restarts = {
    title: "Restarts within an hour",
    unit: "short",
    queries: [{ expr: `sum by (pod, container) (increase(${RESTARTS}[1h]))`, legend: "{{pod}}/{{container}}" }],
  } as const;
  return {
    service: "kubernetes",
    alerts: [
      {
        name: "PodPending",
        expr: 'kube_pod_status_phase{phase="Pending"} > 0',
        for: "10m",
        severity: "warning",
        summary: "A pod cannot start",
        description: "{{ $labels.pod }} has waited for 10 minutes (pending is {{ $value }}).",
      },
      {
        name: "ContainerRestarting",
        expr: `increase(${RESTARTS}[30m]) > 2`,
        severity: "warning",
        summary: "A container restarts again and again",
        description:
          "{{ $labels.container }} of {{ $labels.pod }} restarted {{ $value | humanize }} times within 30 minutes.",
      },
      {
        name: "ContainerOutOfMemory",
        expr: `increase(${RESTARTS}[15m]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1`,
        severity: "warning",
        summary: "A container was killed because it ran out of memory",
        description:
          "{{ $labels.container }} of {{ $labels.pod }} used more than its limit and restarted {{ $value | humanize }} times within 15 minutes.",
      },
      {
        name: "ReplicasMissing",
        expr: MISSING,
        for: "10m",
        severity: "warning",
        summary: "Fewer pods are ready than there should be",
        description:
          "{{ $value }} pods of {{ $labels.deployment }}{{ $labels.statefulset }} have been missing for 10 minutes.",
      },
      {
        name: "JobFailed",
        expr: 'kube_job_failed{condition="true"} == 1',
        severity: "warning",
        summary: "A job failed",
        description: "{{ $labels.job_name }} ended without success (failed is {{ $value }}).",
      },
    ],
    overview: [
      {
        title: "Pods that do not run",
        kind: "stat",
        unit: "short",
        width: 8,
        redAbove: 1,
        queries: [{ expr: 'sum(kube_pod_status_phase{phase=~"Pending|Failed|Unknown"})', legend: "pods" }],
      },
    ],
    dashboard: {
      uid: "apprun-kubernetes",
      title: "Kubernetes",
      panels: [
        pods,
        restarts,
        {
          title: "Pods ready",
          unit: "short",
          queries: [
            { expr: "kube_deployment_status_replicas_available", legend: "{{deployment}}" },
            { expr: "kube_statefulset_status_replicas_ready", legend: "{{statefulset}}" },
          ],
        },
        {
          title: "Volume claims by phase",
          unit: "short",
          queries: [{ expr: "sum by (phase) (kube_persistentvolumeclaim_status_phase)", legend: "{{phase}}" }],
        },
      ],
    },
  };
}
