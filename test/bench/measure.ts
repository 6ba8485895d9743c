import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { finished } from "../support/run/process.ts";

export interface Measurement {
  /** Seconds of wall time. */
  readonly seconds: number;
  /** MiB at the peak of the largest process; Node's own processes only. */
  readonly peak: number;
}

const PEAK = fileURLToPath(new URL("peak.mjs", import.meta.url));

/**
 * Runs a command once.
 * @throws Error with its output when it fails
 */
export async function measure(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Measurement> {
  const file = join(mkdtempSync(join(tmpdir(), "bench-")), "peak");
  const start = performance.now();
  const env = { ...process.env, ...options.env, NO_COLOR: "1", NODE_OPTIONS: `--import ${PEAK}`, BENCH_PEAK: file };
  const { code, stdout, stderr } = await finished(
    spawn(command, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] }),
  );
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
  return { seconds, peak: peakOf(file) };
}

function peakOf(file: string): number {
  try {
    return Math.max(...readFileSync(file, "utf8").trim().split("\n").map(Number)) / 1024;
  } catch {
    return 0;
  }
}

/** The middle one by time. */
export async function median(times: number, run: () => Promise<Measurement>): Promise<Measurement> {
  const all: Measurement[] = [];
  for (let time = 0; time < times; time += 1) all.push(await run());
  const middle = all.sort((a, b) => a.seconds - b.seconds)[Math.floor(times / 2)];
  if (middle === undefined) throw new Error("measure at least once");
  return middle;
}
