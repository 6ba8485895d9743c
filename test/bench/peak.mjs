// Loaded into a measured process by NODE_OPTIONS: notes its peak memory at its end.
import { appendFileSync } from "node:fs";

process.on("exit", () => {
  appendFileSync(process.env.BENCH_PEAK, `${process.resourceUsage().maxRSS}\n`);
});
