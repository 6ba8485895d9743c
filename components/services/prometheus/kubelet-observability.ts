import type { Observability } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";

const MEMORY =
  'max by (pod, container) (container_memory_working_set_bytes) / on (pod, container) (max by (pod, container) (kube_pod_container_resource_limits{resource="memory"}) > 0)';
const THROTTLED =
  "sum by (pod) (increase(container_cpu_cfs_throttled_periods_total[15m])) / (sum by (pod) (increase(container_cpu_cfs_periods_total[15m])) > 0)";
const FREE = "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes";

/** What the kubelets measure of the stack's containers and volumes. */
export function kubeletObservability(): Observability {
  return {
    service: "kubelet",
    alerts: [
      {
        name: "KubeletDown",
        ...unanswered("kubelet"),
        mutesSame: ["instance"],
        severity: "warning",
        summary: "A node's kubelet does not answer: nothing is known of its containers and volumes",
      },
      {
        name: "ContainerMemoryNearLimit",
        expr: `${MEMORY} > 0.9`,
        for: "10m",
        severity: "warning",
        summary: "A container has almost reached its memory limit and may be killed",
        description:
          "{{ $labels.container }} of {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit.",
      },
      {
        name: "PodThrottled",
        expr: `${THROTTLED} > 0.5`,
        for: "15m",
        severity: "warning",
        summary: "A pod waits for its CPU limit",
        description: "{{ $labels.pod }} was held back in {{ $value | humanizePercentage }} of its periods.",
      },
      {
        name: "VolumeWillFill",
        expr: `predict_linear(kubelet_volume_stats_available_bytes[6h], 86400) < 0 and ${FREE} < 0.4`,
        for: "1h",
        severity: "warning",
        summary: "A volume will be full within a day",
        description:
          "At the rate of the last 6 hours {{ $labels.persistentvolumeclaim }} would have {{ $value | humanize1024 }}B free in 24 hours.",
      },
      {
        name: "VolumeNearlyFull",
        expr: `${FREE} < 0.1`,
        for: "5m",
        severity: "critical",
        summary: "A volume is nearly full",
        description: "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} are free.",
        mutes: ["VolumeWillFill"],
        mutesSame: ["persistentvolumeclaim"],
      },
    ],
    dashboard: {
      uid: "apprun-kubelet",
      title: "Containers",
      panels: [
        {
          title: "Memory used of the limit",
          unit: "percentunit",
          queries: [{ expr: MEMORY, legend: "{{pod}}/{{container}}" }],
        },
        {
          title: "CPU",
          unit: "short",
          queries: [
            {
              expr: "sum by (pod, container) (rate(container_cpu_usage_seconds_total[5m]))",
              legend: "{{pod}}/{{container}}",
            },
          ],
        },
        {
          title: "Periods held back by the CPU limit",
          unit: "percentunit",
          queries: [{ expr: THROTTLED, legend: "{{pod}}" }],
        },
        {
          title: "Volumes free",
          description:
            "Of the whole disk, or empty, where volumes are directories of a node, as k3s's local-path makes them.",
          unit: "percentunit",
          queries: [{ expr: FREE, legend: "{{persistentvolumeclaim}}" }],
        },
      ],
    },
  };
}
