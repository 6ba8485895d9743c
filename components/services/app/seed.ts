import { readFileSync } from "node:fs";
import { ModelError } from "../../model/errors.ts";
import type { Image } from "../../model/images.ts";
import type { ConfigFile, JobSpec, Ready } from "../../model/workload.ts";
import { databaseAccess, type Database } from "../postgres/database.ts";
import { retried } from "../kit/shell.ts";
import { JOB_RESOURCES } from "../kit/service-args.ts";

/** Bytes of all files together: a ConfigMap takes 1 MiB, and the state keeps each. */
const LARGEST = 512 * 1024;

/** A schema that is there once the seed was: the mark goes with the data, whatever becomes of the job. */
const MARK = "apprun_seed";

const PASSWORD_FILE = "/run/secrets/database-password";
const DIRECTORY = "/etc/seed";

export interface SeedArgs {
  /** Paths of SQL files inside the repository, in the order in which they run. */
  readonly paths: readonly string[];
  readonly database: Database;
  readonly image: Image;
  /** Resolves when the tables are there. */
  readonly dependsOn: readonly Ready[];
}

/**
 * Fills a database once, in one transaction: nobody sees a file's rows before
 * the files behind it have changed them.
 * @throws ModelError for a file that cannot be read, and for more than 512 KiB
 */
export function seedJob({ paths, database, image, dependsOn }: SeedArgs): JobSpec {
  const files = seedFiles(paths);
  const { server, name, role, password } = database;
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [script(files.map(({ path }) => path))],
    env: {
      PGHOST: server.host,
      PGPORT: String(server.port),
      PGUSER: role,
      PGDATABASE: name,
      PGSSLMODE: server.sslMode,
      PGCONNECT_TIMEOUT: "10",
    },
    files,
    secretFiles: [{ path: PASSWORD_FILE, content: password }],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "data",
    ...databaseAccess(database),
    dependsOn,
  };
}

function script(files: readonly string[]): string {
  const psql = "psql --no-psqlrc --quiet --set ON_ERROR_STOP=1";
  return `set -eu
PGPASSWORD="$(cat ${PASSWORD_FILE})"
export PGPASSWORD
${retried("pg_isready --quiet --timeout 3")}
seeded="$(${psql} --no-align --tuples-only --command "SELECT to_regnamespace('${MARK}') IS NOT NULL")"
if [ "$seeded" = t ]; then echo "seeded before: nothing is done"; exit 0; fi
exec ${psql} --single-transaction --command 'CREATE SCHEMA ${MARK}' ${files.map((file) => `--file ${file}`).join(" ")}`;
}

function seedFiles(paths: readonly string[]): readonly ConfigFile[] {
  const files = paths.map((path, index) => ({ path: `${DIRECTORY}/${index + 1}.sql`, content: contentOf(path) }));
  const size = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (size <= LARGEST) return files;
  throw new ModelError({
    got: `seed.files: got ${Math.ceil(size / 1024)} KiB`,
    allowed: `at most ${LARGEST / 1024} KiB`,
    fix: "seed with fewer rows",
  });
}

function contentOf(path: string): string {
  try {
    return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  } catch {
    throw new ModelError({
      got: `seed.files: got "${path}"`,
      allowed: "files of the repository that can be read",
      fix: "make it or fix the path",
    });
  }
}
