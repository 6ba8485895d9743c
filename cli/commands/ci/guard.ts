import { phrase } from "../../../components/model/problem.ts";
import { guardProblems } from "../../ci/guard.ts";
import { readPreview } from "../../ci/preview.ts";
import { CliError } from "../../kit/exit.ts";
import { print, printJson } from "../../kit/output.ts";

export interface CiGuardOptions {
  readonly preview: string;
  readonly approved?: string;
  readonly labels: string;
  readonly json?: boolean;
}

/**
 * Stops a change that would lose data without a label, or that is not the one that was approved.
 * @throws CliError with every problem at once
 */
export function ciGuard({ preview, approved, labels, json = false }: CiGuardOptions): void {
  const problems = guardProblems({
    preview: readPreview(preview),
    labels: labels.split(",").map((label) => label.trim()),
    approved: approved === undefined ? undefined : readPreview(approved),
  });
  if (json) printJson({ problems: problems.map(phrase) });
  if (problems.length > 0) throw new CliError({ heading: "the change may not go on", problems });
  if (!json) print("the change may go on");
}
