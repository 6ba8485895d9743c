import { expect, it } from "vitest";
import { used, type Statistics } from "../../../../cli/runtime/docker/usage.ts";

const MIB = 1024 ** 2;
const statistics = (changes: Partial<Statistics> = {}): Statistics => ({
  cpu_stats: { cpu_usage: { total_usage: 700 }, system_cpu_usage: 4000, online_cpus: 4 },
  precpu_stats: { cpu_usage: { total_usage: 500 }, system_cpu_usage: 2000 },
  memory_stats: { usage: 100 * MIB, stats: { inactive_file: 30 * MIB } },
  ...changes,
});

it.each<[string, Statistics, { cpu: number; memory: number }]>([
  ["a tenth of four cores is 400 thousandths of one", statistics(), { cpu: 400, memory: 70 }],
  [
    "the older cgroups call the files that the kernel can drop otherwise",
    statistics({ memory_stats: { usage: 100 * MIB, stats: { total_inactive_file: 10 * MIB } } }),
    { cpu: 400, memory: 90 },
  ],
  [
    "the first look at a container has none before it",
    statistics({ precpu_stats: { cpu_usage: { total_usage: 700 } } }),
    { cpu: 0, memory: 70 },
  ],
  ["a container that has just ended has no memory", statistics({ memory_stats: {} }), { cpu: 400, memory: 0 }],
])("%s", (_, given, expected) => {
  expect(used(given)).toEqual(expected);
});
