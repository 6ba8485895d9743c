import { basename } from "node:path";
import type { Settings } from "../../components/stack/settings.ts";
import { pullRequestOf } from "../kit/pull-request.ts";
import { readText } from "../kit/read-text.ts";
import { CliError, EXIT } from "../kit/exit.ts";

/** SQL that runs in the copy of another stack's database before anything else can read it. */
export interface Mask {
  readonly files: readonly MaskFile[];
  /** The app's database. */
  readonly database: string;
  /** The app's own role, as which it runs. */
  readonly role: string;
  readonly password: string;
}

export interface MaskFile {
  /** Fit for a file, and for a key of a Kubernetes Secret. */
  readonly name: string;
  readonly content: string;
}

export interface MaskChoice {
  readonly stack: string;
  readonly from?: string | undefined;
  readonly mask?: readonly string[] | undefined;
  readonly pointInTime?: string | undefined;
}

/** Bytes of all files together: a Kubernetes Secret takes 1 MiB. */
const LARGEST = 512 * 1024;

/**
 * The files that were asked for, in their order; none for a restore that masks nothing.
 * @throws CliError where a PR stack would get data of another environment as it is, for files that cannot be used, and where unmasked rows would stay
 */
export function maskFiles(
  { stack, from, mask, pointInTime }: MaskChoice,
  { backup }: Pick<Settings, "backup">,
): readonly MaskFile[] {
  const refuse = (got: string, allowed: string, fix: string) =>
    new CliError({ got, allowed, fix: `${fix}; nothing was changed` }, EXIT.usage);
  if (mask === undefined) {
    if (from === undefined || pullRequestOf(stack) === undefined || pullRequestOf(from) !== undefined) return [];
    throw refuse(
      `--from: got "${from}" for stack ${stack} without --mask`,
      "in the stack of a pull request sets of another pr-<n>, or masked ones",
      "name SQL files that overwrite what is personal: --mask FILE",
    );
  }
  if (from === undefined) throw refuse("--mask: got no --from", "sets of another stack", "name it with --from");
  if (from === stack)
    throw refuse(
      `--mask: got --from "${from}", the stack itself`,
      "sets of another stack",
      "its own data would be lost: leave out --mask",
    );
  if (pointInTime !== undefined)
    throw refuse("--mask: got --point-in-time too", "one of them", "choose a set with --time");
  if (backup.pointInTime.enabled)
    throw refuse(
      `--mask: got stack ${stack} with apprun:backup.pointInTime.enabled`,
      "a stack that archives no log: its archive would keep the rows as they were",
      "turn it off",
    );
  const files = mask.map((path, index) => ({
    name: `mask-${index + 1}-${basename(path).replaceAll(/[^\w.-]/g, "_")}`,
    content: contentOf(path),
  }));
  const size = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (size > LARGEST)
    throw refuse(`--mask: got ${Math.ceil(size / 1024)} KiB`, `at most ${LARGEST / 1024} KiB`, "write it shorter");
  return files;
}

function contentOf(path: string): string {
  const content = readText("--mask", path);
  if (content.trim() === "")
    throw new CliError(
      { got: `--mask ${path}: got an empty file`, allowed: "SQL", fix: "write it first; nothing was changed" },
      EXIT.usage,
    );
  return content;
}

/** What the scripts are told: the app's database alone, and who masks it with what. */
export function maskEnvironment({ files, database, role }: Mask): Readonly<Record<string, string>> {
  return {
    BACKUP_DATABASES: database,
    BACKUP_TREES: "",
    BACKUP_MASK: role,
    BACKUP_MASK_FILES: files.map(({ name }) => name).join(" "),
  };
}

/** What the scripts find below /run/secrets, by name. */
export function maskSecrets({ files, password }: Mask): Readonly<Record<string, string>> {
  return { "mask-password": password, ...Object.fromEntries(files.map(({ name, content }) => [name, content])) };
}
