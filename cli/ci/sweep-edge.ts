import { join } from "node:path";
import { SettingsError, schemaProblems } from "../../components/settings/kit/problems.ts";
import { cloudflare } from "../../components/settings/sections/cloudflare.ts";
import { knownSettings } from "../../components/stack/schema.ts";
import { readStackFile } from "../../components/stack/stack-file.ts";
import { note } from "../kit/output.ts";
import {
  edgeOrphansOf,
  type EdgeKind,
  type EdgeObject,
  type EdgeOrphan,
  type EdgeOrphansArgs,
} from "./edge-orphans.ts";
import type { EdgeAccount } from "./cloudflare-account.ts";
import { reasonOf } from "../kit/exit.ts";

/** The stack file that stacks of pull requests have in common. */
const COMMON = "pr";

export interface SweptObject {
  readonly kind: EdgeKind;
  readonly name: string;
  readonly stack: string;
}

/** What became of it, or why nothing was looked for. */
export type EdgeSweep =
  | { readonly skipped: string }
  | {
      readonly removed: readonly SweptObject[];
      readonly failed: readonly (SweptObject & { readonly error: string })[];
    };

export interface SweepEdgeArgs extends Omit<EdgeOrphansArgs, "stacks"> {
  readonly directory: string;
  /** The stacks that the backend has now. */
  readonly stacks: () => Promise<readonly string[]>;
  readonly dryRun: boolean;
  readonly token: string | undefined;
}

/**
 * Removes what stacks of pull requests left at Cloudflare and no state knows of any more.
 * @throws CliError for what the token may not list; SettingsError for a stack file that is wrong
 */
export async function sweepEdge({
  directory,
  project,
  open,
  stacks,
  dryRun,
  token,
}: SweepEdgeArgs): Promise<EdgeSweep> {
  const settings = edgeSettings(directory, project);
  if (settings === undefined) return { skipped: `Pulumi.${COMMON}.yaml does not switch cloudflare on` };
  if (token === undefined || token === "") return { skipped: "CLOUDFLARE_API_TOKEN is not set" };
  const { cloudflareAccount } = await import("./cloudflare-account.ts");
  const account = cloudflareAccount({ ...settings, token });
  // Before the stacks: what is made meanwhile has a stack that the list then knows.
  const objects = await account.objects();
  const orphans = edgeOrphansOf(objects, { project, open, stacks: await stacks() });
  for (const { kind, name, stack } of orphans)
    note(`${dryRun ? "would remove" : "removing"} ${kind} ${name} of stack ${stack}, which is gone`);
  return dryRun ? { removed: orphans.map(swept), failed: [] } : removeAll(account, orphans);
}

function edgeSettings(directory: string, project: string) {
  const { values } = readStackFile(join(directory, `Pulumi.${COMMON}.yaml`), project);
  const { data, error } = cloudflare.safeParse(values["cloudflare"] ?? {});
  if (error)
    throw new SettingsError(
      { project, stack: COMMON },
      schemaProblems(
        error.issues.map((issue) => ({ ...issue, path: ["cloudflare", ...issue.path] })),
        values,
        knownSettings(),
      ),
    );
  if (!data.enabled) return undefined;
  const { accountId, zones, apiUrl } = data;
  if (accountId === undefined)
    throw new SettingsError({ project, stack: COMMON }, [
      {
        path: "cloudflare.accountId",
        got: "nothing",
        allowed: "the account's id with cloudflare.enabled",
        fix: "copy it from the account's page",
      },
    ]);
  return { accountId, zones, apiUrl };
}

/** What could not be removed keeps all of its stack that comes after it: a host name must not lose what guards it. */
async function removeAll(account: EdgeAccount, orphans: readonly EdgeOrphan[]): Promise<EdgeSweep> {
  const removed: SweptObject[] = [];
  const failed: (SweptObject & { error: string })[] = [];
  for (const orphan of orphans) {
    const before = failed.find(({ stack }) => stack === orphan.stack);
    if (before !== undefined && before.kind !== orphan.kind) {
      failed.push({ ...swept(orphan), error: `left, because ${before.kind} ${before.name} is still there` });
      continue;
    }
    try {
      await account.remove(orphan);
      removed.push(swept(orphan));
    } catch (error) {
      failed.push({ ...swept(orphan), error: reasonOf(error) });
    }
  }
  for (const { kind, name, error } of failed) note(`${kind} ${name}: ${error}`);
  return { removed, failed };
}

function swept({ kind, name, stack }: EdgeObject & { readonly stack: string }): SweptObject {
  return { kind, name, stack };
}
