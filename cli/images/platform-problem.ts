import type { Problem } from "../../components/model/problem.ts";

export interface PlatformNeeds {
  readonly reference: string;
  /** Such as `linux/amd64`; empty where nobody says. */
  readonly built: readonly string[];
  /** What the machines run. */
  readonly wanted: readonly string[];
  /** Who runs it, such as `the nodes run`. */
  readonly runs: string;
  readonly fix: string;
}

/** What to do about an image that somebody else has built. */
export const CHOOSE_ANOTHER = "choose another tag, or a host that runs what it is built for";

/** Why machines cannot run an image; nothing where one can, and where nobody says what it is built for. */
export function platformProblem({ reference, built, wanted, runs, fix }: PlatformNeeds): Problem | undefined {
  if (built.length === 0 || built.some((platform) => wanted.includes(platform))) return undefined;
  return {
    got: `${reference}: it is built for ${built.join(", ")}`,
    allowed: `an image for ${wanted.join(", ")}, which ${runs}`,
    fix,
  };
}
