import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { qualifiedName } from "../../components/model/identity.ts";
import { repositoryPath } from "../../components/services/backup/remote.ts";
import { stackFiles } from "../../components/stack/common-file.ts";
import { openBucket, type Bucket } from "../backup/bucket/bucket.ts";
import { StateCopies } from "../backup/bucket/copies.ts";
import { bucketAt, keysFrom } from "../backup/bucket/given-bucket.ts";
import type { StateCopy } from "../backup/bucket/sealed.ts";
import { readPassphrase } from "../engine/home.ts";
import { knownState } from "../engine/read-stack.ts";
import { confirmStack } from "../kit/ask.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { note, print, printJson, secondsSince } from "../kit/output.ts";
import { loadProject, projectName, type CommonOptions } from "../kit/project.ts";
import { holdingState } from "../runtime/lock/hold.ts";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";
import { replaceState } from "./state.ts";
import { up } from "./up.ts";

export interface InitOptions extends CommonOptions {
  /** Address of the bucket that has the backups. */
  readonly fromBackup: string;
  readonly region?: string;
  readonly ca?: string;
  readonly confirm?: string;
}

/** What brings a stack back; a test gives others. */
export interface InitSystem {
  readonly env: NodeJS.ProcessEnv;
  readonly openBucket: typeof openBucket;
  readonly knownState: typeof knownState;
  /** Puts the engine's export in its place. */
  readonly importState: (options: CommonOptions, copy: StateCopy) => Promise<void>;
  readonly up: typeof up;
  readonly restore: typeof restore;
  readonly backup: typeof backup;
}

const SYSTEM: InitSystem = {
  env: process.env,
  openBucket,
  knownState,
  importState: async (options, { exported }) => {
    const project = await loadProject(options);
    await holdingState(project, "init", () => replaceState(project, exported, options));
  },
  up,
  restore,
  backup,
};

/**
 * Brings a stack back on a bare host or cluster: its state and settings from the
 * bucket, the services by an update, the data from the newest set. Everything
 * that can be wrong with what was given is looked at before anything is changed.
 */
export async function init(options: InitOptions, system: InitSystem = SYSTEM): Promise<void> {
  const start = performance.now();
  const directory = resolve(options.cwd);
  const { stack } = options;
  const place = bucketAt({ address: options.fromBackup, region: options.region, ca: options.ca });
  const name = qualifiedName({ project: projectName(directory), stack });
  const passphrase = requirePassphrase(directory, system.env);
  const known = ((await system.knownState({ directory, stack }))?.resources ?? []).length;
  if (known > 0)
    throw new CliError(
      {
        got: `stack ${stack}: the state here has ${known} resources of it`,
        allowed: "a stack that was never up from here",
        fix: "nothing was changed: to bring data back into it run: npm run restore -- --repository remote",
      },
      EXIT.usage,
    );
  const bucket = await system.openBucket(place, keysFrom(system.env));
  const copy = await newestCopy(bucket, { ...place, stack: name }, passphrase);
  await confirmStack(
    "--confirm",
    stack,
    `This brings ${name} back as it was at ${copy.at} on ${copy.host}, and takes its backups over: another host that still runs it must be off.`,
    options.confirm,
  );
  for (const [file, content] of Object.entries(copy.files)) takeFile(directory, file, content, stack);
  const common = { stack, cwd: options.cwd, verbose: options.verbose === true, json: options.json === true };
  await system.importState(common, copy);
  note("the state is here; should a step fail, go on after it with the commands that are left of these:");
  note(steps(stack));
  await system.up({ ...common, dataIsLost: true, skipBackup: true, confirm: stack });
  await system.restore({ ...common, repository: "remote", confirm: stack });
  await system.backup({ ...common, takeOver: true });
  const seconds = secondsSince(start);
  if (options.json === true) printJson({ stack, stateOf: copy.at, seconds });
  else print(`stack ${stack}: back in ${seconds} s, with the settings of ${copy.at}`);
}

function requirePassphrase(directory: string, env: NodeJS.ProcessEnv): string {
  const passphrase = readPassphrase(directory, env);
  if (passphrase !== undefined) return passphrase;
  throw new CliError(
    {
      got: "the passphrase: got none",
      allowed: "the passphrase of the stack that comes back",
      fix: "put it into .apprun/passphrase, or name its file with PULUMI_CONFIG_PASSPHRASE_FILE; nothing was changed",
    },
    EXIT.usage,
  );
}

/** The newest copy of the state, of a bucket that has sets of backups too: an empty stack is nothing to come back to. */
async function newestCopy(
  bucket: Bucket,
  where: { readonly bucket: string; readonly prefix?: string | undefined; readonly stack: string },
  passphrase: string,
): Promise<StateCopy> {
  const copy = await new StateCopies(bucket, where).newest(passphrase);
  const path = repositoryPath(where, where.stack);
  if (copy === undefined)
    throw new CliError({
      got: `bucket ${where.bucket}: it has no copy of the state of ${where.stack} beside ${path}`,
      allowed: "the bucket and prefix of apprun:backup.remote, after an up with it",
      fix: "name another address or stack; nothing was changed. With a file of `npm run state -- backup`: npm run state -- restore FILE",
    });
  if ((await bucket.list(`${path}/snapshots/`)).length === 0)
    throw new CliError({
      got: `bucket ${where.bucket}: the repository at ${path} has no backup set`,
      allowed: "one that a backup has filled",
      fix: "nothing was changed: bring the objects of the bucket back, where it keeps old versions of them",
    });
  return copy;
}

/** A settings file of the copy takes the place of another one, which stays beside it. */
function takeFile(directory: string, file: string, content: string, stack: string): void {
  // What a copy says may not name another place.
  if (!stackFiles(stack).includes(file)) return;
  const path = join(directory, file);
  if (existsSync(path)) {
    if (readFileSync(path, "utf8") === content) return;
    const before = `${path}.before-init`;
    renameSync(path, before);
    note(`${file} is the one of the copy now; what was here is in ${before}`);
  }
  writeFileSync(path, content);
}

function steps(stack: string): string {
  return [
    `npm run up -- --stack ${stack} --data-is-lost --skip-backup`,
    `npm run restore -- --stack ${stack} --repository remote`,
    `npm run backup -- --stack ${stack} --take-over`,
  ]
    .map((line) => `  ${line}`)
    .join("\n");
}
