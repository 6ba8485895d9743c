import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { kratos } from "../../../components/services/kratos/index.ts";
import { temporal } from "../../../components/services/temporal/index.ts";
import { docker, type TestProject } from "../e2e/e2e.ts";
import type { Faults } from "./fault.ts";

const { repository, tag: kratosTag, schemas: kratosSchemas } = kratos.images.kratos;
const { tag, schemas: temporalSchemas } = temporal.images.temporal;

/** Nobody has this process id: it is above the largest that Linux gives. */
const DEAD = 4_194_305;

/** Backups, schemas and the state otherwise than they should be. */
export function dataFaults({ stack, directory }: TestProject): Faults {
  const name = (service: string) => `apprun-${stack}-${service}`;
  const locks = join(directory, ".apprun", "state", ".pulumi", "locks", "organization", "apprun", stack);
  const sql = (database: string, statement: string) =>
    docker(
      "exec",
      name("postgres"),
      "psql",
      "--host=/var/run/postgresql",
      "--username=postgres",
      `--dbname=${database}`,
      `--command=${statement}`,
    );
  const now = () => Math.floor(Date.now() / 1000);
  const withoutBackups = () => docker("exec", name("backup"), "rm", "-f", "/backup-metrics/backup.prom");
  /** Writes what the backup service would have told after such runs, in seconds since the epoch. */
  const withBackups = (success: number, proven: number, ok: number) => {
    const lines = [
      `last_success_timestamp_seconds{repository="local"} ${success}`,
      `last_proven_timestamp_seconds ${proven}`,
      `last_run_success{task="backup"} ${ok}`,
      'last_run_success{task="drill"} 1',
    ];
    const text = lines.map((line) => `apprun_backup_${line}`).join("\n");
    return docker(
      "exec",
      name("backup"),
      "sh",
      "-c",
      `rm -f /backup-metrics/backup.prom; printf '%s\n' '${text}' >/backup-metrics/backup.prom`,
    );
  };
  return {
    "a backup that is overdue": {
      plant: () => withBackups(1_700_000_000, now(), 1),
      undo: withoutBackups,
      finds: [
        /^error backups: the local repository: the newest backup set is of 2023-11-14T22:13:20Z; one was due at \d{4}-\d\d-\d\dT02:30:00Z$/,
      ],
    },
    "a set that no drill has restored": {
      plant: () => withBackups(now(), 1_700_000_000, 1),
      undo: withoutBackups,
      finds: [/^warning backups: no drill has restored a set since \d{4}-\d\d-\d\dT04:00:00Z, when one was due$/],
    },
    "a backup that failed": {
      plant: () => withBackups(now(), now(), 0),
      undo: withoutBackups,
      finds: ["error backups: the last backup failed"],
    },
    "a lock whose owner is gone": {
      plant: () => {
        mkdirSync(locks, { recursive: true });
        writeFileSync(join(locks, "stale.json"), JSON.stringify({ pid: DEAD, hostname: hostname() }));
        return Promise.resolve();
      },
      undo: () => {
        rmSync(join(locks, "stale.json"));
        return Promise.resolve();
      },
      finds: [`warning locks: the engine, process ${DEAD} on ${hostname()}, held the stack and is gone`],
    },
    "a schema that is older than the image": {
      plant: () => sql("temporal", "UPDATE schema_version SET curr_version = '1.9'"),
      undo: () => sql("temporal", `UPDATE schema_version SET curr_version = '${temporalSchemas.temporal}'`),
      finds: [
        `error schemas: database temporal: its schema is 1.9; temporalio/server:${tag} works on ${temporalSchemas.temporal}`,
      ],
    },
    "a schema that is newer than the image": {
      plant: () => sql("kratos", "INSERT INTO schema_migration (version) VALUES ('20300101000000000000')"),
      undo: () => sql("kratos", "DELETE FROM schema_migration WHERE version = '20300101000000000000'"),
      finds: [
        `warning schemas: database kratos: its schema is 20300101000000000000; ${repository}:${kratosTag} works on ${kratosSchemas.kratos}`,
      ],
    },
    "a replication slot that nobody reads": {
      plant: () => sql("postgres", "SELECT pg_create_physical_replication_slot('warehouse', true)"),
      undo: () => sql("postgres", "SELECT pg_drop_replication_slot('warehouse')"),
      finds: [
        /^warning slots: PostgreSQL keeps \d+ (bytes|kB|MB) of its log for the replication slot warehouse, which nobody reads, and no limit ends it before the disk is full$/,
      ],
    },
    "a schema that cannot be asked for": {
      plant: () => sql("temporal_visibility", "ALTER TABLE schema_version RENAME TO schema_version_gone"),
      undo: () => sql("temporal_visibility", "ALTER TABLE schema_version_gone RENAME TO schema_version"),
      finds: [
        /^error schemas: database temporal_visibility: its schema cannot be asked for \(.*relation "public\.schema_version" does not exist.*\)$/,
      ],
    },
  };
}
