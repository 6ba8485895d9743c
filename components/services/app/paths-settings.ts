import { z } from "zod";
import { hiddenPaths } from "../kit/hidden-paths.ts";

/** Stands for a path that the app does not have. */
export const NO_PATH = "none";

const FORM = 'a path such as "/health"';
const path = () => z.string({ error: FORM }).regex(/^\/[\w./~-]*$/, FORM);
const pathOrNone = () => {
  const allowed = `${FORM}, or "${NO_PATH}"`;
  return z.string({ error: allowed }).regex(/^(none|\/[\w./~-]*)$/, allowed);
};

/** Where the app answers the platform. */
export const appPaths = z
  .strictObject({
    health: pathOrNone()
      .default("/health")
      .describe("Answers below 400 while the app works; `up` waits for it. none only with app.image.probeCommand."),
    ready: path()
      .optional()
      .describe("Answers 200 while a replica takes requests: the proxy and Kubernetes ask it; health when absent."),
    metrics: pathOrNone()
      .default("/metrics")
      .describe(
        "Metrics in Prometheus' text format, which nobody gets from outside. none: no scraping, and no alert that needs them.",
      ),
    hidden: hiddenPaths().describe(
      "Further paths that nobody gets from outside, with all below each, such as `/admin`.",
    ),
  })
  .prefault({});

/** A path, or nothing where there is none. */
export function pathOf(path: string): string | undefined {
  return path === NO_PATH ? undefined : path;
}
