import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { without } from "../../../support/run/tools.ts";

/** The programs that the scripts find on PATH. */
export interface Tools {
  readonly name: string;
  /** Directories, joined as in PATH. */
  readonly path: string;
}

const MACHINE = process.env["PATH"] ?? "";

/** What PostgreSQL's images have beside the tools of their distribution. */
const BESIDE = ["bash", "restic", "setpriv"];

function located(program: string): string | undefined {
  const { status, stdout } = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

const BUSYBOX = located("busybox") ?? globSync(join(homedir(), ".cache/*/busybox/usr/bin/busybox"))[0];

/** Where the programs of the newest PostgreSQL on this machine are, its server's included. */
export const POSTGRES =
  globSync("/usr/lib/postgresql/*/bin/initdb").sort().map(dirname).at(-1) ??
  (located("initdb") === undefined ? undefined : dirname(realpathSync(located("initdb")!)));

const pipeline = (process.env["CI"] ?? "") !== "";

/** Whether tests that run whole backups are left out; in a pipeline they fail instead. */
export const withoutServer = without("restic") || (POSTGRES === undefined && !pipeline);

/** Whether tests under busybox are left out; in a pipeline they fail instead. */
export const withoutBusybox = BUSYBOX === undefined && !pipeline;

/** A directory with one name for each tool of busybox, as Alpine has them, and with nothing else of the machine. */
function busybox(): string {
  const directory = mkdtempSync(join(tmpdir(), "busybox-"));
  if (BUSYBOX === undefined) return directory;
  const { stdout } = spawnSync(BUSYBOX, ["--list"], { encoding: "utf8" });
  for (const tool of stdout.trim().split("\n"))
    if (!BESIDE.includes(tool) && !["busybox", "comm", "flock"].includes(tool))
      symlinkSync(BUSYBOX, join(directory, tool));
  // Alpine's busybox has these two, Debian's has not. Its flock takes no other options.
  symlinkSync(located("comm") ?? "comm", join(directory, "comm"));
  writeFileSync(
    join(directory, "flock"),
    `#!/bin/sh\ncase "$1" in -[sxun] | [0-9]) exec ${located("flock") ?? "flock"} "$@" ;; esac\necho "flock: unrecognized option: $1" >&2\nexit 1\n`,
    { mode: 0o755 },
  );
  return directory;
}

function beside(): string {
  const directory = mkdtempSync(join(tmpdir(), "beside-"));
  mkdirSync(directory, { recursive: true });
  for (const program of BESIDE) {
    const path = located(program);
    if (path !== undefined) symlinkSync(path, join(directory, program));
  }
  writeFileSync(
    join(directory, "gosu"),
    '#!/bin/sh\nuser=$1\nshift\nexec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"\n',
    { mode: 0o755 },
  );
  spawnSync("chmod", ["755", directory]);
  return directory;
}

const OWN = [POSTGRES, beside()].filter((path) => path !== undefined).join(":");

/** As in PostgreSQL's Debian image. */
export const GNU: Tools = { name: "GNU's tools", path: `${OWN}:${MACHINE}` };

/** As in PostgreSQL's Alpine image, which is the default. */
export const BUSYBOX_TOOLS: Tools = { name: "busybox", path: `${OWN}:${busybox()}` };

/** Tests under both, which say when one of them is left out. */
export const BOTH: readonly Tools[] = [GNU, ...(withoutBusybox ? [] : [BUSYBOX_TOOLS])];
