import type { Output } from "@pulumi/pulumi";
import type { Image } from "../model/images.js";
import type { JobSpec, Ready } from "../model/workload.js";
import { databaseAccess, type DatabaseServer } from "./database.js";
import { retried } from "./shell.js";
import { JOB_RESOURCES } from "./service-args.js";

/** A role that may create roles and databases. */
export interface DatabaseAdmin {
  readonly user: string;
  readonly password: Output<string>;
}

export interface PsqlJobArgs {
  readonly image: Image;
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  /** What psql runs; secret, because it holds passwords. */
  readonly sql: Output<string>;
  readonly dependsOn: readonly Ready[];
}

const ADMIN_PASSWORD_FILE = "/run/secrets/admin-password";
const SQL_FILE = "/run/secrets/provision.sql";

/** psql takes the password from its environment; the job's own, so that no list of processes or containers shows it. */
const RUN_SQL = `${retried("pg_isready --quiet --timeout 3")}
PGPASSWORD="$(cat ${ADMIN_PASSWORD_FILE})" exec psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file ${SQL_FILE}`;

/** A job that runs SQL as the server's admin. */
export function psqlJob({ image, server, admin, sql, dependsOn }: PsqlJobArgs): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [RUN_SQL],
    env: { PGHOST: server.host, PGPORT: String(server.port), PGUSER: admin.user, PGDATABASE: "postgres", PGSSLMODE: server.sslMode, PGCONNECT_TIMEOUT: "10" },
    secretFiles: [
      { path: ADMIN_PASSWORD_FILE, content: admin.password },
      { path: SQL_FILE, content: sql },
    ],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "data",
    ...databaseAccess({ server }),
    dependsOn,
  };
}
