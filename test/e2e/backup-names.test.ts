import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-850";
const FILES = 5_000;
const stack = new BackupStack(STACK);

/** Newlines, tabs, backslashes, quotes, letters that are none, and owners and modes in turn. */
const MAKE = `cd /v && mkdir -p $'odd\\ndirectory' && cd $'odd\\ndirectory' && for i in $(seq ${FILES}); do
  case $((i % 10)) in
    0) name=$'line\\n'$i ;; 1) name=$'tab\\t'$i ;; 2) name='back\\slash\\n'$i ;; 3) name="quo'te\\"$i" ;; 4) name=$'\\xff\\xfe'$i ;;
    5) name=" $i " ;; 6) name="-$i" ;; 7) name="\\$(id) * $i" ;; 8) name=$'return\\r'$i ;; 9) name=$i$'\\n' ;;
  esac
  printf '%s' "$i" >"./$name"; chmod $((600 + i % 5 * 10 + 4)) "./$name"; chown $((1000 + i % 7)):$((1000 + i % 3)) "./$name"
done; : >empty; ln -s nowhere link; truncate -s 64M sparse; mkdir -p "$(printf 'd%.0s' $(seq 200))/$(printf 'e%.0s' $(seq 200))" none`;

/** By tools of another image than the scripts run in. */
const onFiles = (script: string) =>
  docker("run", "--rm", "-v", `${stack.name("apprun-storage")}:/v`, "debian:bookworm-slim", "bash", "-c", script);

/** Every row of every table, sorted, and of every file its owner, mode, type, size, time, name and content; a directory's size is the file system's own. */
async function everything() {
  const tables = (
    await stack.sql(
      "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public' order by 1",
    )
  ).split("\n");
  const rows: string[] = [];
  for (const table of tables)
    rows.push(table, (await stack.sql(`copy ${table} to stdout`)).split("\n").sort().join("\n"));
  return {
    rows: rows.join("\n"),
    files: await onFiles(
      "cd /v && { find . ! -name . ! -type d -printf '%m %U %G %y %s %t %p %l\\0'; find . ! -name . -type d -printf '%m %U %G %y %t %p\\0'; } | LC_ALL=C sort -z | sha256sum; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum -z | sha256sum; find . -type f -printf x | wc -c",
    ),
  };
}

describe.skipIf(!(await hasRestic()))("files of any name on a real Docker Engine (skipped without restic 0.17)", () => {
  beforeAll(async () => {
    await stack.fill(1000, 5);
    await onFiles(MAKE);
  });
  afterAll(async () => {
    await wipe(STACK);
  });

  it("are taken, proven and brought back as they were", async () => {
    const before = await everything();
    expect(before.files).toMatch(new RegExp(`^${FILES + 7}$`, "m"));
    await stack.ok(["backup", "--json"]);
    await stack.ok(["drill", "--json"]);
    await stack.sql("delete from big where id % 2 = 0");
    await onFiles("find /v -mindepth 1 -delete");
    await stack.ok(["restore", "--confirm", STACK, "--json"]);
    expect(await everything()).toEqual(before);
    const [set] = JSON.parse(await stack.ok(["restore", "--list", "--json"])) as {
      proven: boolean;
      obstacles: string[];
    }[];
    expect(set).toMatchObject({ proven: true, obstacles: [], missingKeys: [], postgresMajor: 17 });
  });
});
