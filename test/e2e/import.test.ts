import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, get, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-823";
const PORT = 10_823;
const ROWS = 200_000;
const OFF = { enabled: false };
const stack = new BackupStack(STACK, { temporal: OFF, grafana: OFF, prometheus: OFF });
const directory = mkdtempSync(join(tmpdir(), "dump-"));
const CHECKSUM = "select count(*) || ' ' || sum(('x' || left(md5(orders::text), 15))::bit(60)::bigint) from orders";

/** Makes a dump of the other system's database, and brings it here. */
async function dump(name: string, ...options: readonly string[]): Promise<string> {
  const path = join(directory, name);
  await docker("exec", stack.name("postgres"), "pg_dump", "-U", "bob", ...options, "--file", `/tmp/${name}`, "theirs");
  await docker("cp", `${stack.name("postgres")}:/tmp/${name}`, path);
  return path;
}
const bring = (file: string, ...more: readonly string[]) =>
  stack.project.cli(["import", file, "--database", "apprun", "--confirm", STACK, ...more]);

describe.skipIf(!(await hasRestic()))(
  "the import of a dump on a real Docker Engine (skipped without restic 0.17)",
  { timeout: 600_000 },
  () => {
    let theirs: string;
    beforeAll(async () => {
      await wipe(STACK);
      await stack.ok(["up"]);
      await stack.sql("create role bob superuser login");
      await stack.sql("create database theirs owner bob");
      await stack.sql(
        `set role bob; create table orders as select g as id, md5(g::text) as note, now() as at from generate_series(1, ${ROWS}) g; alter table orders add primary key (id); create role eve; grant select on orders to eve`,
        "theirs",
      );
      theirs = await stack.sql(CHECKSUM, "theirs");
      await stack.sql("create table own as select 7 as a; alter table own owner to apprun");
    }, 600_000);
    afterAll(() => wipe(STACK), 120_000);

    it("refuses tables that are there, and a file that is cut, and leaves everything as it was", async () => {
      const custom = await dump("shop.dump", "--format", "custom");
      const filled = await bring(custom);
      expect([filled.code, filled.stderr]).toEqual([
        2,
        expect.stringMatching(
          /database apprun: got one with tables \(.*public\.own.*\); allowed: an empty one, or --replace/,
        ),
      ]);
      const cut = join(directory, "cut.dump");
      writeFileSync(cut, readFileSync(custom).subarray(0, 1_000_000));
      const broken = await bring(cut, "--replace");
      expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("nothing was overwritten")]);
      expect(await stack.sql("select a from own")).toBe("7");
      expect(await stack.leftovers()).toBe("none");
    });

    it.each([["custom"], ["plain"]])("brings a %s dump with every row, as the stack's role", async (format) => {
      const file = await dump(`shop.${format}`, "--format", format);
      const { code, stdout, stderr } = await bring(file, "--replace", "--json");
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        database: "apprun",
        file: `shop.${format}`,
        tables: { "public.orders": { rows: ROWS } },
        notCounted: [],
      });
      expect(stderr).toMatch(/sent \d+ of \d+ MiB/);
      expect(await stack.sql(CHECKSUM)).toBe(theirs);
      expect(await stack.sql("select tableowner from pg_tables where tablename = 'orders'")).toBe("apprun");
      expect(await stack.sql("select coalesce(relacl::text, 'own') from pg_class where relname = 'orders'")).toBe(
        "own",
      );
      expect(await stack.sql("select to_regclass('own') is null")).toBe("t");
      expect((await get(PORT, `${STACK}.localhost`, "/ready")).status).toBe(200);
      expect(await stack.leftovers()).toBe("none");
      expect(await stack.inBackup("ls /backup/work 2>/dev/null | wc -l")).toBe("0\n");
    });

    it("leaves a stack that does not change, and a backup from before each", async () => {
      const { code, stderr } = await stack.project.cli(["up"]);
      expect([code, stderr]).toEqual([0, expect.stringMatching(/Resources:\s+\d+ unchanged/)]);
      expect(await stack.sets()).toHaveLength(3);
    });
  },
);
