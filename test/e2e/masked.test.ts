import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, get, wipe } from "../support/e2e/e2e.ts";

const [SOURCE, TARGET] = ["pr-811", "pr-812"];
const PORT = 10_812;
const ROWS = 50_000;
const OFF = { enabled: false };
const SETTINGS = { temporal: OFF, grafana: OFF, prometheus: OFF };
const MASK = "test/support/seed/mask.sql";
const source = new BackupStack(SOURCE, SETTINGS);
const target = new BackupStack(TARGET, SETTINGS, source.project);
const restore = (...mask: readonly string[]) => [
  "restore",
  "--from",
  SOURCE,
  "--confirm",
  TARGET,
  ...(mask.length > 0 ? ["--mask", ...mask] : []),
];
const customers = (stack: BackupStack) =>
  stack.sql("select count(*) || ' ' || count(*) filter (where mail like '%@real.example') from customers");
const mark = join(target.project.directory, ".apprun", `restoring-${TARGET}`);
/** What a restore leaves of a set in the backup's volume. */
const work = () => target.inBackup("find /backup/work -type f 2>/dev/null | wc -l").then(Number);

describe.skipIf(!(await hasRestic()))(
  "a restore with --mask on a real Docker Engine (skipped without restic 0.17)",
  () => {
    beforeAll(async () => {
      await wipe(SOURCE);
      await wipe(TARGET);
      await source.ok(["up"]);
      await source.sql(`create table customers as select g as id, 'person-' || g || '@real.example' as mail from generate_series(1, ${ROWS}) g;
      alter table customers add primary key (id), add unique (mail); alter table customers owner to apprun`);
      await source.sql("create table people_of_the_source as select 1 as a", "kratos");
      await source.inApp("echo personal >/data/storage/upload");
      await source.ok(["backup"]);
      await target.ok(["up"]);
      await target.sql("create table own as select 1 as a; alter table own owner to apprun");
    });
    afterAll(async () => {
      await wipe(SOURCE);
      await wipe(TARGET);
    });

    it("is what a pull request's stack needs for data of another environment", async () => {
      const { code, stderr } = await target.project.cli(["restore", "--from", "staging", "--confirm", TARGET]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(`--from: got "staging" for stack ${TARGET} without --mask`),
      ]);
    });

    it("keeps the old data and drops the copy where a file fails, and shows none of its rows", async () => {
      const { code, stderr } = await target.project.cli(
        restore("test/support/seed/mask.sql", "test/support/seed/broken.sql"),
      );
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining('mask-2-broken.sql:1: ERROR:  relation "nowhere" does not exist'),
      ]);
      expect(stderr).toContain(
        "a file of --mask failed; see the message above; the copy is dropped, nothing was overwritten",
      );
      const leaky = await target.project.cli(restore("test/support/seed/duplicate.sql"));
      expect([leaky.code, leaky.stderr]).toEqual([
        1,
        expect.stringContaining("duplicate key value violates unique constraint"),
      ]);
      expect(target.project.output).not.toContain("real.example");
      expect(await target.sql("select a from own")).toBe("1");
      expect(await target.leftovers()).toBe("none");
      expect([await work(), existsSync(mark)]).toEqual([0, false]);
    });

    it("lets nobody else read the copy, and is not forgotten when it is killed", async () => {
      const child = target.project.start(restore("test/support/seed/slow-mask.sql"));
      const ended = new Promise((resolve) => child.once("close", resolve));
      await expect
        .poll(
          () => target.sql("select count(*) from pg_stat_activity where query ~ 'pg_sleep' and usename = 'apprun'"),
          { timeout: 120_000 },
        )
        .toBe("1");
      const password = (
        await docker(
          "exec",
          target.name("kratos"),
          "sed",
          "-n",
          "s|.*postgres://kratos:\\([^@]*\\)@.*|\\1|p",
          "/run/secrets/kratos.yml",
        )
      ).trim();
      expect(password.length).toBeGreaterThan(10);
      const read = (database: string) =>
        docker(
          "exec",
          target.name("postgres"),
          "psql",
          "-XAtq",
          `postgres://kratos:${password}@127.0.0.1/${database}`,
          "-c",
          "select 1",
        ).then(
          () => "allowed",
          (error: unknown) =>
            /permission denied[^\n]*/.exec((error as { stderr: string }).stderr)?.[0] ?? String(error),
        );
      expect(await read("kratos")).toBe("allowed");
      expect(await read("apprun__restoring")).toBe('permission denied for database "apprun__restoring"');
      child.kill("SIGKILL");
      await ended;
      const up = await target.project.cli(["up"]);
      expect([up.code, up.stderr]).toEqual([
        1,
        expect.stringContaining(`run: npm run restore -- --undo --stack ${TARGET}`),
      ]);
      await target.ok(["restore", "--undo"]);
      expect(await target.leftovers()).toBe("none");
      expect([await work(), existsSync(mark)]).toEqual([0, false]);
      expect(await target.sql("select a from own")).toBe("1");
    });

    it("brings the app's database alone, with every row and none as it was", async () => {
      const result = JSON.parse(await target.ok([...restore(MASK), "--json"])) as { masked: boolean };
      expect(result.masked).toBe(true);
      expect([await customers(source), await customers(target)]).toEqual([`${ROWS} ${ROWS}`, `${ROWS} 0`]);
      expect(await target.sql("select mail from customers where id = 7")).toBe("customer-7@example.com");
      expect(await target.sql("select tableowner from pg_tables where tablename = 'customers'")).toBe("apprun");
      expect(await target.sql("select to_regclass('own') is null")).toBe("t");
      expect(await target.sql("select to_regclass('people_of_the_source') is null", "kratos")).toBe("t");
      expect(await target.inApp("ls /data/storage")).not.toContain("upload");
      expect((await get(PORT, `${TARGET}.localhost`, "/ready")).status).toBe(200);
    });

    it("leaves nothing of the rows as they were in the server's tables, nor of the set in the backup's volume", async () => {
      const found = async (stack: BackupStack) => {
        await stack.sql("checkpoint");
        return (
          await docker(
            "exec",
            stack.name("postgres"),
            "sh",
            "-c",
            "grep -rl 'person-[0-9]*@real.example' \"$PGDATA/base\" | wc -l",
          )
        ).trim();
      };
      expect(Number(await found(source))).toBeGreaterThan(0);
      expect(await found(target)).toBe("0");
      expect([await target.leftovers(), await work(), existsSync(mark)]).toEqual(["none", 0, false]);
      expect((await target.project.cli(["up"])).stdout).toContain("healthy");
    });
  },
);
