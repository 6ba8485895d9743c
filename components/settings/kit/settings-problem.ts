import type { Problem } from "../../model/problem.ts";

/** One thing that is wrong with a stack's settings; what was given is named without its key. */
export interface SettingsProblem extends Problem {
  /** Key path below `apprun:`, such as `postgres.maxConnections`. */
  readonly path: string;
  /** The whole key, of a setting that is not the project's. @default - the project's name and `path` */
  readonly key?: string;
}
