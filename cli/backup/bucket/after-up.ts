import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { qualifiedName } from "../../../components/model/identity.ts";
import { BUCKET_LOGIN } from "../../../components/services/backup/backup.ts";
import { stackFiles } from "../../../components/stack/common-file.ts";
import { credentialsOf } from "../../engine/credentials.ts";
import { readPassphrase } from "../../engine/home.ts";
import { readStack } from "../../engine/read-stack.ts";
import { exportEncrypted } from "../../engine/state-file.ts";
import { CliError, reasonOf } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { openBucket, type Bucket } from "./bucket.ts";
import { StateCopies } from "./copies.ts";

/**
 * Puts the engine's state and the stack's files into the bucket of the remote
 * repository, encrypted with the passphrase. Where a service keeps the state and
 * its keys there is no passphrase, and nothing to copy. Returns what went wrong:
 * the caller has more to tell first.
 */
export async function copyState(project: Project): Promise<CliError | undefined> {
  const { directory, stack, settings } = project;
  const { remote, enabled } = settings.backup;
  if (!enabled || remote?.state !== true) return undefined;
  const passphrase = readPassphrase(directory);
  if (passphrase === undefined) return undefined;
  try {
    const known = await readStack(project);
    const key = await copiesIn(await bucketOf(project, known), project).put(
      {
        format: 1,
        project: settings.identity.project,
        stack,
        at: new Date().toISOString(),
        host: hostname(),
        files: filesOf(project),
        exported: await exportEncrypted(known),
      },
      passphrase,
    );
    note(`the state is in bucket ${remote.bucket} too, encrypted: ${key}`);
    return undefined;
  } catch (error) {
    return new CliError({
      happened: `stack ${stack}: its state was not copied to bucket ${remote.bucket} of apprun:backup.remote`,
      fix: "the stack itself is as it is said above: fix the cause below and run: npm run up; where this machine cannot reach the bucket, apprun:backup.remote.state: false leaves the copy out, and npm run state -- backup is the way",
      output: reasonOf(error),
    });
  }
}

/** The bucket of a stack's remote repository, with the keys from its encrypted state. */
export async function bucketOf({ settings }: Pick<Project, "settings">, stack: Stack): Promise<Bucket> {
  const { remote } = settings.backup;
  if (remote === undefined) throw new Error("a stack without backup.remote has no bucket");
  const { username, password } = await credentialsOf(stack, BUCKET_LOGIN);
  return openBucket(remote, { accessKeyId: username, secretAccessKey: password });
}

/** The copies of a stack's state in its bucket. */
export function copiesIn(bucket: Bucket, { settings: { backup, identity } }: Pick<Project, "settings">): StateCopies {
  return new StateCopies(bucket, { prefix: backup.remote?.prefix, stack: qualifiedName(identity) });
}

function filesOf({ directory, stack }: Project): Readonly<Record<string, string>> {
  const there = stackFiles(stack).filter((name) => existsSync(join(directory, name)));
  return Object.fromEntries(there.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}
