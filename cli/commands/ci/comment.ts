import { writeFileSync } from "node:fs";
import { commentOf, marker, type CommentArgs } from "../../ci/comment.ts";
import { githubFromEnvironment } from "../../ci/forge.ts";
import { readPreview } from "../../ci/preview.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note, print } from "../../kit/output.ts";
import { readText } from "../../kit/read-text.ts";

export interface CiCommentOptions {
  readonly stack: string;
  readonly preview?: string;
  readonly plan?: string;
  readonly renderedDiff?: string;
  readonly out?: string;
  readonly pullRequest?: string;
}

/** Writes what a change would do, for a pull request; with its number, as the one comment there. */
export async function ciComment({
  stack,
  preview,
  plan,
  renderedDiff,
  out,
  pullRequest,
}: CiCommentOptions): Promise<void> {
  const number = pullRequest === undefined ? undefined : wholeNumber("--pull-request", pullRequest);
  const body = commentOf({
    stack,
    preview: preview === undefined ? undefined : readPreview(preview),
    plan: plan === undefined ? undefined : readPlan(plan),
    renderedDiff: renderedDiff === undefined ? undefined : readText("--rendered-diff", renderedDiff),
  });
  if (out === undefined) print(body.trimEnd());
  else writeFileSync(out, body);
  if (number === undefined) return;
  const done = await githubFromEnvironment().comment(number, marker(stack), body);
  note(`${done} the comment of stack ${stack} in pull request ${number}`);
}

function readPlan(file: string): CommentArgs["plan"] {
  try {
    return JSON.parse(readText("--plan", file)) as CommentArgs["plan"];
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      { got: `--plan ${file}: got something else`, allowed: "what `plan --json` prints", fix: "write it again" },
      EXIT.usage,
    );
  }
}

/** @throws CliError for anything else */
export function wholeNumber(option: string, value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new CliError(
    { got: `${option}: got "${value}"`, allowed: "a whole number from 1", fix: "change it" },
    EXIT.usage,
  );
}
