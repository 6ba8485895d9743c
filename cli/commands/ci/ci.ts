import { Command } from "commander";
import type { CiCloseOptions } from "./close.ts";
import type { CiCommentOptions } from "./comment.ts";
import type { CiDriftOptions } from "./drift.ts";
import type { CiGuardOptions } from "./guard.ts";
import type { CiImagesOptions } from "./images.ts";
import type { CiLeftOptions } from "./left.ts";
import type { CiSbomOptions } from "./sbom.ts";
import type { CiSweepOptions } from "./sweep.ts";

const UNLOCK =
  "first takes away every lock of the stack and of its state, also one in a bucket: only where no other run can be at work on it";

/** Commands for pipelines, of whatever forge. */
export function ciCommands(): Command {
  const ci = new Command("ci").description(
    "what a pipeline asks: comment, guard, drift, images, close, sweep, left, sbom",
  );
  ci.command("comment")
    .description("what a change would do, as Markdown")
    .requiredOption("-s, --stack <name>", "the stack that was previewed")
    .option("--preview <file>", "what `pulumi preview --json` printed")
    .option("--plan <file>", "what `plan --json` printed")
    .option("--rendered-diff <file>", "a diff of what `render` writes")
    .option("--out <file>", "where to write it, instead of standard output")
    .option("--pull-request <number>", "also keeps it as the one comment of this pull request on GitHub")
    .action(async (options: CiCommentOptions) => (await import("./comment.ts")).ciComment(options));
  ci.command("guard")
    .description("fails for a change that would lose data without a label, or that nobody approved")
    .requiredOption("--preview <file>", "what `pulumi preview --json` printed")
    .option("--approved <file>", "the preview that was approved")
    .option("--labels <list>", "labels of the pull request, with commas between them", "")
    .option("--json", "machine-readable output")
    .action(async (options: CiGuardOptions) => {
      (await import("./guard.ts")).ciGuard(options);
    });
  ci.command("drift")
    .description("keeps one issue open on GitHub while a stack differs from its state")
    .requiredOption("-s, --stack <name>", "the stack that was looked at")
    .requiredOption("--result <result>", "clean or drifted")
    .requiredOption("--report <file>", "what `pulumi refresh --preview-only` printed")
    .action(async (options: CiDriftOptions) => (await import("./drift.ts")).ciDrift(options));
  ci.command("images")
    .description("keeps one issue open on GitHub while images of the catalogue are not as their registries have them")
    .requiredOption("--result <result>", "current or behind")
    .requiredOption("--report <file>", "what `images check` printed")
    .action(async (options: CiImagesOptions) => (await import("./images.ts")).ciImages(options));
  ci.command("close")
    .description("removes the stack of a pull request with its data, from where its state says that it runs")
    .requiredOption("-s, --stack <name>", "the stack, pr-<n>")
    .option("-C, --cwd <directory>", "the project's directory", ".")
    .option("--unlock", UNLOCK)
    .option("--json", "machine-readable output")
    .action(async (options: CiCloseOptions) => (await import("./close.ts")).ciClose(options));
  ci.command("left")
    .description("what a run that was cut off left of a stack, as Markdown")
    .requiredOption("-s, --stack <name>", "the stack")
    .option("-C, --cwd <directory>", "the project's directory", ".")
    .action(async (options: CiLeftOptions) => (await import("./left.ts")).ciLeft(options));
  ci.command("sweep")
    .description(
      "removes the stacks of pull requests that are not open, with their data, and what such stacks left at Cloudflare",
    )
    .option("-C, --cwd <directory>", "the project's directory", ".")
    .option("--open <numbers>", "open pull requests, with commas between them; without it GitHub is asked")
    .option("--max-age <days>", "also removes stacks of open pull requests that were updated longer ago")
    .option("--max-count <number>", "also removes the oldest stacks above this number")
    .option("--unlock", UNLOCK)
    .option("--dry-run", "only says what it would remove")
    .option("--json", "machine-readable output")
    .action(async (options: CiSweepOptions) => (await import("./sweep.ts")).ciSweep(options));
  ci.command("sbom")
    .description("which images a stack runs, as a CycloneDX document")
    .requiredOption("-s, --stack <name>", "the stack")
    .option("-C, --cwd <directory>", "the project's directory", ".")
    .option("--out <file>", "where to write it, instead of standard output")
    .action(async (options: CiSbomOptions) => (await import("./sbom.ts")).ciSbom(options));
  // A subcommand does not inherit how the program ends.
  for (const command of [ci, ...ci.commands])
    command.exitOverride().showHelpAfterError("(run with --help for what is allowed)");
  return ci;
}
