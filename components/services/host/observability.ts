import type { Observability } from "../../model/observability.ts";

/** The disk of the exporter's own root is the one of the engine, and so of all volumes. */
const ROOT = '{mountpoint="/"}';
const FREE = `node_filesystem_avail_bytes${ROOT} / node_filesystem_size_bytes${ROOT}`;
/** Part of the disk that must be free: below it PostgreSQL is near to stopping. */
export const LEAST_FREE_DISK = 0.1;
const MEMORY = "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes";

export function hostObservability(): Observability {
  const disk = { title: "Disk free", unit: "percentunit", queries: [{ expr: FREE, legend: "free" }] } as const;
  const memory = {
    title: "Memory of the host",
    unit: "bytes",
    queries: [
      { expr: "node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes", legend: "in use" },
      { expr: "node_memory_MemTotal_bytes", legend: "total" },
    ],
  } as const;
  const cpu = {
    title: "Processors of the host",
    unit: "percentunit",
    queries: [{ expr: 'avg by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[5m]))', legend: "{{mode}}" }],
  } as const;
  return {
    service: "host",
    alerts: [
      {
        name: "HostDiskWillFill",
        expr: `predict_linear(node_filesystem_avail_bytes${ROOT}[6h], 86400) < 0 and ${FREE} < 0.4`,
        for: "1h",
        severity: "warning",
        summary: "The host's disk will be full within a day",
        description: "At the rate of the last 6 hours {{ $value | humanize1024 }}B would be free in 24 hours.",
      },
      {
        name: "HostDiskNearlyFull",
        expr: `${FREE} < ${LEAST_FREE_DISK}`,
        for: "5m",
        severity: "critical",
        summary: "The host's disk is nearly full",
        description: "{{ $value | humanizePercentage }} of the disk are free; PostgreSQL stops when nothing is.",
        mutes: ["HostDiskWillFill"],
      },
      {
        name: "HostMemoryLow",
        expr: `${MEMORY} < 0.1`,
        for: "10m",
        severity: "warning",
        summary: "The host is short of memory",
        description:
          "{{ $value | humanizePercentage }} of the memory can be had; the kernel ends processes when none can.",
      },
      {
        name: "HostCpuSaturated",
        expr: "rate(node_pressure_cpu_waiting_seconds_total[15m]) > 0.6",
        for: "30m",
        severity: "warning",
        summary: "The host's processors do not keep up",
        description:
          "Processes waited for a processor during {{ $value | humanizePercentage }} of the last 15 minutes.",
      },
    ],
    overview: [
      { ...disk, kind: "stat", width: 8, redBelow: LEAST_FREE_DISK },
      {
        title: "Memory free on the host",
        kind: "stat",
        unit: "percentunit",
        width: 8,
        redBelow: 0.1,
        queries: [{ expr: MEMORY, legend: "free" }],
      },
      {
        title: "Load for each processor",
        kind: "stat",
        unit: "short",
        width: 8,
        redAbove: 2,
        queries: [{ expr: 'node_load5 / scalar(count(node_cpu_seconds_total{mode="idle"}))', legend: "5 minutes" }],
      },
    ],
    dashboard: {
      uid: "apprun-host",
      title: "Host",
      panels: [
        cpu,
        memory,
        disk,
        {
          title: "Disk free in 24 hours at this rate",
          unit: "bytes",
          queries: [{ expr: `predict_linear(node_filesystem_avail_bytes${ROOT}[6h], 86400)`, legend: "free" }],
        },
        {
          title: "Disk traffic",
          unit: "Bps",
          queries: [
            { expr: "sum(rate(node_disk_read_bytes_total[5m]))", legend: "read" },
            { expr: "sum(rate(node_disk_written_bytes_total[5m]))", legend: "written" },
          ],
        },
        {
          title: "Time that processes waited",
          unit: "percentunit",
          queries: ["cpu", "io", "memory"].map((kind) => ({
            expr: `rate(node_pressure_${kind}_waiting_seconds_total[5m])`,
            legend: kind,
          })),
        },
      ],
    },
  };
}
