import type { Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { JobSpec, Ready } from "../../model/workload.ts";
import { databaseAccess, type DatabaseServer, libpqTls, trustFiles } from "./database.ts";
import { retried } from "../kit/shell.ts";
import { JOB_RESOURCES } from "../kit/service-args.ts";

/** A role that may create roles and databases. */
export interface DatabaseAdmin {
  readonly user: string;
  readonly password: Output<string>;
}

export interface PsqlJobArgs {
  readonly image: Image;
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  /** @default "postgres" */
  readonly database?: string;
  /** What psql runs. */
  readonly sql: string;
  /** What psql reads where the SQL makes it ask. @default - nothing */
  readonly input?: Output<string> | undefined;
  readonly dependsOn: readonly Ready[];
}

const ADMIN_PASSWORD_FILE = "/run/secrets/admin-password";
const INPUT_FILE = "/run/secrets/psql-input";
export const SQL_FILE = "/etc/apprun/job.sql";

/** psql takes the password from its environment; the job's own, so that no list of processes or containers shows it. */
export function adminPsql(options: string): string {
  return `PGPASSWORD="$(cat ${ADMIN_PASSWORD_FILE})" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 ${options}`;
}

const runSql = (input: string) => `${retried("pg_isready --quiet --timeout 3")}
${adminPsql(`--file ${SQL_FILE}`)} <${input}`;

/** A job that runs SQL as the server's admin, or as the owner of a database. */
export function psqlJob({ image, server, admin, database = "postgres", sql, input, dependsOn }: PsqlJobArgs): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [runSql(input === undefined ? "/dev/null" : INPUT_FILE)],
    env: {
      PGHOST: server.host,
      PGPORT: String(server.port),
      PGUSER: admin.user,
      PGDATABASE: database,
      ...libpqTls(server),
      PGCONNECT_TIMEOUT: "10",
    },
    files: [{ path: SQL_FILE, content: sql }, ...trustFiles(server)],
    secretFiles: [
      { path: ADMIN_PASSWORD_FILE, content: admin.password },
      ...(input === undefined ? [] : [{ path: INPUT_FILE, content: input }]),
    ],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "data",
    ...databaseAccess({ server }),
    dependsOn,
  };
}
