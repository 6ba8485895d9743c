import { rmSync } from "node:fs";
import { note, print, printJson, table } from "../../cli/kit/output.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, wipe } from "../support/e2e/e2e.ts";

/**
 * A backup set and its return against plain `pg_dump` and `pg_restore` of the
 * same databases, which run beside the server, over its socket, without limits
 * but the server's own. BENCH_ROWS rows, a million by default.
 */
const ROWS = Number(process.env["BENCH_ROWS"] ?? 1_000_000);
const TIMES = 3;
const stack = new BackupStack("pr-998", { prometheus: { enabled: false }, grafana: { enabled: false } });
const DATABASES = "apprun kratos temporal temporal_visibility";

const inPostgres = (script: string) =>
  docker("exec", stack.name("postgres"), "sh", "-ec", `cd /var/lib/postgresql && ${script}`);

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now();
    await run();
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Number.NaN;
}

note(`filling ${ROWS} rows`);
await stack.fill(ROWS, 100);
note("pg_dump");
const dump = await seconds(() =>
  inPostgres(`for d in ${DATABASES}; do pg_dump -U postgres -Fc -f /tmp/$d.dump $d; done`),
);
note("pg_restore");
const load = await seconds(() =>
  inPostgres(
    `for d in ${DATABASES}; do createdb -U postgres plain_$d; pg_restore -U postgres -d plain_$d -j 2 /tmp/$d.dump; dropdb -U postgres plain_$d; done`,
  ),
);
await inPostgres("rm /tmp/*.dump");
note("backup");
const backup = await seconds(async () => {
  // Each a first one: later ones only store what is new.
  await stack.inBackup("rm -rf /backup/repository");
  await stack.ok(["backup", "--new-repository"]);
});
const again = await seconds(() => stack.ok(["backup"]));
note("restore");
const restore = await seconds(() => stack.ok(["restore", "--confirm", stack.stack]));
await stack.ok(["destroy", "--remove-data", "--confirm", stack.stack]);
await wipe(stack.stack);
rmSync(stack.project.directory, { recursive: true, force: true });

const rows = [
  { what: "first backup: set, manifest, check", ours: backup, plain: "pg_dump -Fc", other: dump },
  { what: "backup without changes", ours: again, plain: "pg_dump -Fc", other: dump },
  {
    what: "restore: loaded, compared, swapped, healthy",
    ours: restore,
    plain: "createdb, pg_restore -j 2",
    other: load,
  },
].map((row) => ({ ...row, ratio: row.ours / row.other }));
if (process.argv.includes("--json")) printJson({ rowsOfData: ROWS, rows });
else
  print(
    table(
      ["what", "ours", "against", "time", "ratio", "aim"],
      rows.map(({ what, ours, plain, other, ratio }) => [
        what,
        `${ours.toFixed(1)} s`,
        plain,
        `${other.toFixed(1)} s`,
        ratio.toFixed(2),
        "at most 1.2",
      ]),
    ),
  );
