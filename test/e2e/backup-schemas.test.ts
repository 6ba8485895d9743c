import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-650";
const stack = new BackupStack(STACK, {
  temporal: { enabled: false },
  prometheus: { enabled: false },
  grafana: { enabled: false },
});
const SEED = readFileSync(join(import.meta.dirname, "../support/seed/schemas.sql"), "utf8");

/** Every table's rows, sorted; every definition; every large object: by PostgreSQL's own programs, and none of the backup's. */
const COMPARISON = `
export PGUSER=postgres PGDATABASE=apprun LC_ALL=C
psql -XAtqc "SELECT format('COPY (SELECT * FROM %I.%I) TO STDOUT', schemaname, tablename) FROM pg_tables WHERE schemaname ~ '^s[0-9]+$' ORDER BY 1" |
  while read -r copy; do echo "$copy $(psql -XAtqc "$copy" | sort | sha256sum)"; done
psql -XAtqc "SELECT schemaname, matviewname, (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', schemaname, matviewname), false, true, '')))[1] FROM pg_matviews ORDER BY 1"
psql -XAtqc "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2"
psql -XAtqc "SELECT oid, lomowner::regrole, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY oid"
pg_dump --schema-only | grep -v '^.\\(un\\)\\{0,1\\}restrict ' | sha256sum
pg_dumpall --roles-only --no-role-passwords | grep e2e_reader`;
const content = () => docker("exec", stack.name("postgres"), "bash", "-c", COMPARISON);

describe.skipIf(!(await hasRestic()))("two hundred schemas (skipped without restic 0.17)", () => {
  let before = "";

  beforeAll(async () => {
    await wipe(STACK);
    await stack.ok(["up"]);
    await docker(
      "exec",
      stack.name("postgres"),
      "psql",
      "-Xq",
      "-v",
      "ON_ERROR_STOP=1",
      "-U",
      "postgres",
      "-d",
      "apprun",
      "-c",
      SEED,
    );
    before = await content();
    expect(before.split("\n").length).toBeGreaterThan(1400);
  });
  afterAll(() => wipe(STACK));

  it("come back equal by a comparison that is not the backup's", async () => {
    await stack.ok(["backup"]);
    const drill = JSON.parse(await stack.ok(["drill", "--json"])) as { databases: Record<string, { tables: number }> };
    expect(drill.databases["apprun"]?.tables).toBeGreaterThanOrEqual(800);
    await stack.sql(
      "drop schema s1 cascade; delete from s2.events; select lo_unlink(90001); update s3.lines set position = 2 where false",
    );
    await stack.sql("alter table s4.orders disable row level security");
    expect(await content()).not.toBe(before);
    await stack.ok(["restore", "--confirm", STACK]);
    expect(await content()).toBe(before);
  });
});
