import { issueBody } from "../../ci/issue-body.ts";
import { githubFromEnvironment } from "../../ci/forge.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";

export interface CiDriftOptions {
  readonly stack: string;
  readonly result: string;
  readonly report: string;
}

/** Opens, keeps up to date or closes the issue that says that a stack differs from its state. */
export async function ciDrift({ stack, result, report }: CiDriftOptions): Promise<void> {
  if (result !== "clean" && result !== "drifted")
    throw new CliError(
      { got: `--result: got "${result}"`, allowed: "clean or drifted", fix: "name one of them" },
      EXIT.usage,
    );
  const body = result === "clean" ? undefined : issueBody("What runs differs from what the state says.", report);
  note(`${await githubFromEnvironment().report(`Drift of stack ${stack}`, body)} the issue of stack ${stack}`);
}
