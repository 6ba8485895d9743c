import { resolve } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { githubFromEnvironment } from "../ci/forge.js";
import { orphansOf, type KnownStack, type Orphan } from "../ci/orphans.js";
import { openWorkspace } from "../engine/open.js";
import { CliError } from "../exit.js";
import { note, print, printJson } from "../output.js";
import { wholeNumber } from "./ci-comment.js";
import { destroy } from "./destroy.js";

export interface CiSweepOptions {
  readonly cwd: string;
  readonly open?: string;
  readonly maxAge?: string;
  readonly maxCount?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * Removes the stacks of pull requests that are not open, with their data and all that their state knows of.
 * @throws CliError when one of them could not be removed; the others are
 */
export async function ciSweep({ cwd, open, maxAge, maxCount, dryRun = false, json = false }: CiSweepOptions): Promise<void> {
  const limit = (option: string, value: string | undefined) => (value === undefined ? undefined : wholeNumber(option, value));
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
      await destroy({ stack: name, cwd, removeData: true, confirm: name });
      await workspace.removeStack(name);
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      failed.push({ name, reason });
    }
  }
  if (json) printJson({ dryRun, removed: orphans.filter((orphan) => !failed.includes(orphan)), failed });
  else print(`${orphans.length - failed.length} stacks ${dryRun ? "would be removed" : "removed"}`);
  if (failed.length > 0) throw new CliError(`not removed: ${failed.map(({ name }) => name).join(", ")}; mend the cause above and run it again`);
}

function parseNumbers(text: string): readonly number[] {
  const parts = text.split(",").map((part) => part.trim());
  return text.trim() === "" ? [] : parts.map((part) => wholeNumber("--open", part));
}

async function knownStacks(workspace: LocalWorkspace): Promise<readonly KnownStack[]> {
  const stacks = await workspace.listStacks();
  return stacks.map(({ name, lastUpdate }) => ({ name, updated: lastUpdate === undefined ? undefined : Date.parse(lastUpdate) }));
}
