import { labelsOf, series, type AlertCase } from "../alert-case.ts";

const host = labelsOf("host-exporter", "host-exporter:9100", "host");
const target = { job: "host-exporter", instance: "host-exporter:9100" };
const disk = (free: string, minutes: number) => ({
  ...series("node_filesystem_avail_bytes", { ...host, mountpoint: "/" }, free),
  ...series("node_filesystem_size_bytes", { ...host, mountpoint: "/" }, `100000x${minutes}`),
});
const memory = (free: number) => ({
  ...series("node_memory_MemAvailable_bytes", host, `${free}x20`),
  ...series("node_memory_MemTotal_bytes", host, "100x20"),
});

export const CASES: readonly AlertCase[] = [
  {
    alert: "HostDiskWillFill",
    // 100 kB, 40 of them free, 60 bytes less every minute: full in 11 hours.
    firing: {
      series: disk("40000-60x480", 480),
      at: "480m",
      labels: { ...target, mountpoint: "/" },
      description: "At the rate of the last 6 hours -73.44kiB would be free in 24 hours.",
    },
    quiet: { series: disk("30000x480", 480), at: "480m" },
  },
  {
    alert: "HostDiskNearlyFull",
    firing: {
      series: disk("5000x20", 20),
      at: "10m",
      labels: { ...target, mountpoint: "/" },
      description: "5% of the disk are free; PostgreSQL stops when nothing is.",
    },
    quiet: { series: disk("20000x20", 20), at: "10m" },
  },
  {
    alert: "HostMemoryLow",
    firing: {
      series: memory(5),
      at: "15m",
      labels: target,
      description: "5% of the memory can be had; the kernel ends processes when none can.",
    },
    quiet: { series: memory(30), at: "15m" },
  },
  {
    alert: "HostCpuSaturated",
    firing: {
      series: series("node_pressure_cpu_waiting_seconds_total", host, "0+48x70"),
      at: "65m",
      labels: target,
      description: "Processes waited for a processor during 80% of the last 15 minutes.",
    },
    quiet: { series: series("node_pressure_cpu_waiting_seconds_total", host, "0+12x70"), at: "65m" },
  },
];
