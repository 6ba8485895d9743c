import { all, log, type Output } from "@pulumi/pulumi";
import type { Container } from "@pulumi/docker";
import { ModelError } from "../../model/errors.ts";
import type { Failure } from "../../model/problem.ts";

/** How a job's line begins that is to be shown although the job succeeded. */
const WARNING = "warning: ";
/** Log lines shown when a job fails. */
const LAST_LINES = 15;

/**
 * The container once it ended with exit code 0. The provider waits for the end
 * of an attached container but takes any exit code for success; a dependent
 * that waits for this output is not registered after a failure.
 */
export function succeeded(name: string, container: Container): Output<Container> {
  return all([container.exitCode, container.containerLogs, container.urn]).apply(([exitCode, logs, urn]) => {
    if (exitCode !== 0) throw new ModelError(failure(name, exitCode, logs, urn));
    for (const line of warnings(logs)) void log.warn(`job "${name}": ${line}`, container);
    return container;
  });
}

function failure(name: string, exitCode: number, logs: string, urn: string): Failure {
  const lines = logs.trimEnd().split("\n").slice(-LAST_LINES);
  return {
    happened: `job "${name}" ended with exit code ${exitCode}, and only 0 lets the update go on`,
    fix: `fix the cause below, then run: npm run up, or by hand: pulumi up --replace '${urn}'`,
    output: ["last lines of its log:", ...lines.map((line) => `  ${line}`)].join("\n"),
  };
}

/** What a job that succeeded wants to be said each time. */
function warnings(logs: string | undefined = ""): readonly string[] {
  return logs.split("\n").flatMap((line) => (line.startsWith(WARNING) ? [line.slice(WARNING.length)] : []));
}
