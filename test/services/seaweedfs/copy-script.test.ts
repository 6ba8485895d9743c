import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const SCRIPT = new URL("../../../components/services/seaweedfs/scripts/copy.sh", import.meta.url).pathname;

/** Stands in for rclone: a remote is a directory. What it cannot do fails. */
const RCLONE = `#!/bin/sh
set -eu
last() { for word; do :; done; echo "$word"; }
place() { case "$1" in admin:*) echo "$WORLD/remote/\${1#admin:}" ;; *) echo "$1" ;; esac; }
[ ! -e "$WORLD/down" ] || [ "$1" = serve ] || exit 1
[ ! -e "$WORLD/unlisted" ] || [ "$1" != lsf ] || exit 1
case "$1" in
  mkdir) mkdir -p "$(place "$2")" ;;
  lsf) [ ! -e "$(place "$(last "$@")")/token" ] || echo token ;;
  cat) cat "$(place "$2")" ;;
  rcat) cat >"$(place "$2")" ;;
  copyto) cp "$4" "$(place "$5")" ;;
  sync)
    echo "sync $2 $3" >>"$WORLD/syncs"
    [ ! -e "$WORLD/breaks" ] || exit 1
    rm -rf "$(place "$3")" && cp -r "$(place "$2")" "$(place "$3")"
    ;;
  serve) exec tail -f /dev/null ;;
  *) exit 2 ;;
esac
`;

let world: string;
const path = (...parts: string[]) => join(world, ...parts);
const write = (text: string, ...parts: string[]) => {
  writeFileSync(path(...parts), text);
};
const read = (...parts: string[]) => readFileSync(path(...parts), "utf8").trim();

beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), "copy-"));
  for (const part of ["bin", "copy", "remote/uploads", "tmp"]) mkdirSync(path(part), { recursive: true });
  write(RCLONE, "bin", "rclone");
  chmodSync(path("bin", "rclone"), 0o755);
  // It sleeps when it has gone round.
  write('#!/bin/sh\n: >"$WORLD/asleep"\nexec tail -f /dev/null\n', "bin", "sleep");
  chmodSync(path("bin", "sleep"), 0o755);
  write("one", "remote/uploads/a");
});
afterEach(() => {
  rmSync(world, { recursive: true });
});

/** Runs the script until it has gone round once, and answers with what was brought where. */
async function once(): Promise<readonly string[]> {
  for (const before of ["syncs", "asleep"]) rmSync(path(before), { force: true });
  rmSync(path("tmp"), { recursive: true });
  mkdirSync(path("tmp"));
  const text = readFileSync(SCRIPT, "utf8").replaceAll("/tmp/", `${path("tmp")}/`);
  const child = spawn("sh", ["-c", text], {
    detached: true,
    env: {
      ...{ PATH: `${path("bin")}:${process.env["PATH"] ?? ""}`, WORLD: world, COPY: path("copy") },
      ...{ BUCKET: "uploads", STATE: "state", EVERY: "60", PORT: "0" },
    },
  });
  await expect.poll(() => existsSync(path("asleep")), { timeout: 5000 }).toBe(true);
  process.kill(-child.pid!, "SIGKILL");
  return existsSync(path("syncs")) ? read("syncs").replaceAll(`${world}/`, "").split("\n") : [];
}

const PULL = "sync admin:uploads copy/objects";
const PUSH = "sync copy/objects admin:uploads";

/** What a restore leaves: other files, and no token; the files from before with theirs are put aside. */
function restore(text: string): { readonly undo: () => void } {
  const token = read("copy/token");
  const objects = read("copy/objects/a");
  rmSync(path("copy/token"));
  write(text, "copy/objects/a");
  return {
    undo() {
      write(`${token}\n`, "copy/token");
      write(objects, "copy/objects/a");
    },
  };
}

it("follows the bucket, from an empty copy on", async () => {
  expect(await once()).toEqual([PULL]);
  expect(read("copy/objects/a")).toBe("one");
  write("two", "remote/uploads/a");
  expect(await once()).toEqual([PULL]);
  expect(read("copy/objects/a")).toBe("two");
});

it("brings a restored copy into the bucket once, and follows it again", async () => {
  await once();
  restore("restored");
  expect(await once()).toEqual([PUSH]);
  expect(read("remote/uploads/a")).toBe("restored");
  expect(await once()).toEqual([PULL]);
});

it("brings back what was there before, when the restore is undone", async () => {
  await once();
  const { undo } = restore("restored");
  await once();
  undo();
  expect(await once()).toEqual([PUSH]);
  expect(read("remote/uploads/a")).toBe("one");
});

it("leaves the bucket alone, when a restore is undone before it was brought there", async () => {
  await once();
  const { undo } = restore("restored");
  undo();
  write("newer", "remote/uploads/a");
  expect(await once()).toEqual([PULL]);
  expect(read("remote/uploads/a")).toBe("newer");
});

it("goes on with a copy that was half written to the bucket, and puts the old one back over it", async () => {
  await once();
  const { undo } = restore("restored");
  write("", "breaks");
  await once();
  expect(existsSync(path("tmp/ready"))).toBe(false);
  rmSync(path("breaks"));
  undo();
  expect(await once()).toEqual([PUSH]);
});

it("fills the bucket of a new server from the copy, and never the copy from it", async () => {
  await once();
  rmSync(path("remote"), { recursive: true });
  mkdirSync(path("remote/uploads"), { recursive: true });
  expect(await once()).toEqual([PUSH]);
  expect(read("remote/uploads/a")).toBe("one");
});

it("follows a bucket that another copy followed before, also after it was stopped in the middle", async () => {
  await once();
  rmSync(path("copy"), { recursive: true });
  mkdirSync(path("copy"));
  write("", "breaks");
  await once();
  rmSync(path("breaks"));
  mkdirSync(path("copy/objects"), { recursive: true });
  write("newer", "remote/uploads/a");
  expect(await once()).toEqual([PULL]);
});

it("goes on where it was stopped between the bucket's token and its own", async () => {
  await once();
  const next = "stopped here";
  write(`${next}\n`, "copy/token.next");
  write(`${next}\n`, "remote/state/token");
  expect(await once()).toEqual([PULL]);
  expect(read("copy/token")).toBe(next);
});

it("changes neither where the server answers everything but what its token is", async () => {
  await once();
  write("newer", "remote/uploads/a");
  write("", "unlisted");
  expect(await once()).toEqual([]);
  expect(read("remote/uploads/a")).toBe("newer");
});

it("brings a restored copy into the bucket of a server that knows of none, and does not empty the copy", async () => {
  await once();
  restore("restored");
  rmSync(path("remote"), { recursive: true });
  mkdirSync(path("remote/uploads"), { recursive: true });
  expect(await once()).toEqual([PUSH]);
  expect(read("remote/uploads/a")).toBe("restored");
});

it("changes neither while the server does not answer", async () => {
  await once();
  write("", "down");
  expect(await once()).toEqual([]);
  expect(read("copy/objects/a")).toBe("one");
});
