import type { Image } from "../../model/images.ts";
import { phrase, type Problem } from "../../model/problem.ts";
import type { JobSpec, Ready } from "../../model/workload.ts";
import { databaseAccess, type DatabaseServer } from "./database.ts";
import { valuesFile, type SecretValues } from "../kit/secrets.ts";
import { JOB_RESOURCES } from "../kit/service-args.ts";
import { retried } from "../kit/shell.ts";

const PASSWORDS_FILE = "/run/secrets/administrator-passwords";
const SQL_FILE = "/run/secrets/rotate.sql";

const REFUSED: Problem = {
  got: "the server takes none of the administrator's passwords",
  allowed: "one of those that this state has",
  fix: "set one by hand with: ALTER ROLE",
};

/** Whichever password is in force lets the job in; setting the one that is there already changes nothing. */
const RUN = `${retried("pg_isready --quiet --timeout 3")}
while read -r PGPASSWORD; do
  export PGPASSWORD
  if psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file ${SQL_FILE}; then exit 0; fi
done <${PASSWORDS_FILE}
echo "${phrase(REFUSED)}" >&2
exit 1`;

export interface SuperuserRotationArgs {
  readonly image: Image;
  readonly server: DatabaseServer;
  readonly role: string;
  readonly passwords: SecretValues;
  readonly dependsOn: readonly Ready[];
}

/** Gives the running server the current password of its superuser, whose container knows the first one only. */
export function superuserRotationJob({ image, server, role, passwords, dependsOn }: SuperuserRotationArgs): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [RUN],
    env: {
      PGHOST: server.host,
      PGPORT: String(server.port),
      PGUSER: role,
      PGDATABASE: "postgres",
      PGCONNECT_TIMEOUT: "10",
    },
    secretFiles: [
      valuesFile(PASSWORDS_FILE, passwords),
      { path: SQL_FILE, content: passwords[0].apply((password) => rotationSql(role, password)) },
    ],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "data",
    ...databaseAccess({ server }),
    dependsOn,
  };
}

/** A server that logs statements or errors must not log the password. */
export function rotationSql(role: string, password: string): string {
  return [
    "SET log_statement = 'none';",
    "SET log_min_error_statement = 'panic';",
    "SET log_min_duration_statement = -1;",
    `ALTER ROLE "${role}" PASSWORD '${password}';`,
    "",
  ].join("\n");
}
