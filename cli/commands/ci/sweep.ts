import { resolve } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { githubFromEnvironment } from "../../ci/forge.ts";
import { orphansOf, type KnownStack, type Orphan } from "../../ci/orphans.ts";
import { sweepEdge, type EdgeSweep } from "../../ci/sweep-edge.ts";
import { openWorkspace } from "../../engine/open.ts";
import { CliError, reasonOf } from "../../kit/exit.ts";
import { note, print, printJson } from "../../kit/output.ts";
import { projectName } from "../../kit/project.ts";
import { wholeNumber } from "./comment.ts";
import { closeStack } from "./close.ts";

export interface CiSweepOptions {
  readonly cwd: string;
  readonly open?: string;
  readonly maxAge?: string;
  readonly maxCount?: string;
  readonly unlock?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * Removes the stacks of pull requests that are not open, with their data and all
 * that their state knows of, from where their state says that they run; then what stacks that are gone left at Cloudflare.
 * @throws CliError when one of them could not be removed; the others are
 */
export async function ciSweep({
  cwd,
  open,
  maxAge,
  maxCount,
  unlock = false,
  dryRun = false,
  json = false,
}: CiSweepOptions): Promise<void> {
  const limit = (option: string, value: string | undefined) =>
    value === undefined ? undefined : wholeNumber(option, value);
  const limits = { maxAge: limit("--max-age", maxAge), maxCount: limit("--max-count", maxCount) };
  const numbers = open === undefined ? await githubFromEnvironment().openPullRequests() : parseNumbers(open);
  const directory = resolve(cwd);
  const workspace = await openWorkspace(directory);
  const orphans = orphansOf(await knownStacks(workspace), numbers, limits, Date.now());
  const failed: Orphan[] = [];
  for (const { name, reason } of orphans) {
    note(`${dryRun ? "would remove" : "removing"} stack ${name}: ${reason}`);
    if (dryRun) continue;
    try {
      await closeStack(directory, name, unlock);
    } catch (error) {
      note(reasonOf(error));
      failed.push({ name, reason });
    }
  }
  const cloudflare = await sweepEdge({
    directory,
    project: projectName(directory),
    open: numbers,
    stacks: async () => (await knownStacks(workspace)).map(({ name }) => name),
    dryRun,
    token: process.env["CLOUDFLARE_API_TOKEN"],
  }).catch((error: unknown) => ({ error: reasonOf(error) }));
  const removed = orphans.filter((orphan) => !failed.includes(orphan));
  if (json) printJson({ dryRun, removed, failed, cloudflare });
  else
    print(
      [`${removed.length} stacks`, ...cloudflarePart(cloudflare)].join(" and ") +
        (dryRun ? " would be removed" : " removed"),
    );
  if ("skipped" in cloudflare) note(`Cloudflare was not looked at: ${cloudflare.skipped}`);
  const left = [...failed.map(({ name }) => name), ...leftAtCloudflare(cloudflare)];
  if (left.length > 0)
    throw new CliError({ happened: `not removed: ${left.join(", ")}`, fix: "fix the cause above and run it again" });
}

type CloudflareOutcome = EdgeSweep | { readonly error: string };

function cloudflarePart(outcome: CloudflareOutcome): readonly string[] {
  return "removed" in outcome ? [`${outcome.removed.length} leftovers at Cloudflare`] : [];
}

function leftAtCloudflare(outcome: CloudflareOutcome): readonly string[] {
  if ("error" in outcome) return [`anything at Cloudflare: ${outcome.error}`];
  return "failed" in outcome ? outcome.failed.map(({ kind, name }) => `${kind} ${name}`) : [];
}

function parseNumbers(text: string): readonly number[] {
  const parts = text.split(",").map((part) => part.trim());
  return text.trim() === "" ? [] : parts.map((part) => wholeNumber("--open", part));
}

async function knownStacks(workspace: LocalWorkspace): Promise<readonly KnownStack[]> {
  const stacks = await workspace.listStacks();
  return stacks.map(({ name, lastUpdate }) => ({
    name,
    updated: lastUpdate === undefined ? undefined : Date.parse(lastUpdate),
  }));
}
