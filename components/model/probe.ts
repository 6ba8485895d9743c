import type { Duration } from "./units.ts";

interface ProbeTiming {
  /** Time between two checks while it starts, and after that where a check costs little. @default "5s" */
  readonly interval?: Duration;
  /** Time after which one check counts as failed. @default "5s" */
  readonly timeout?: Duration;
  /** Time in which a start is watched closely and failures do not count. @default "30s" */
  readonly startPeriod?: Duration;
}

/** Runs a command inside the container; exit code 0 is ready. */
export interface ExecProbe extends ProbeTiming {
  readonly kind: "exec";
  /** The command and its arguments, with a tool that the image has. */
  readonly command: readonly string[];
  /** Exit code that says the service is there and still reads its data back, such as after a crash. `@default -` it cannot tell */
  readonly recovering?: number;
}

/** Asks one of the workload's ports over HTTP; a status below 400 is ready. */
export interface HttpProbe extends ProbeTiming {
  readonly kind: "http";
  /** The name of the port. */
  readonly port: string;
  readonly path: string;
  /** Path that says whether it takes requests now, where the place asks for that apart. @default - `path` */
  readonly readyPath?: string | undefined;
}

/** How a workload shows that it is ready: exactly one per workload. */
export type Probe = ExecProbe | HttpProbe;

export const PROBE_DEFAULTS = { interval: "5s", timeout: "5s", startPeriod: "30s" } as const;
