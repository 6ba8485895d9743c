import type { Image } from "../../model/images.ts";
import type { JobSpec, Ready } from "../../model/workload.ts";
import type { Database } from "../postgres/database.ts";
import { psqlJob } from "../postgres/psql-job.ts";

/** The channel on which PostgREST listens unless it is told another. */
const CHANNEL = "pgrst";

export interface SchemaJobArgs {
  readonly image: Image;
  /** The app's database, which its owner brings up to date. */
  readonly database: Database;
  readonly schemas: readonly string[];
  /** Who sees the schemas. What they see in them is the app's to grant. */
  readonly roles: readonly string[];
  /** What brought the tables to what they are: with another one the job runs again. */
  readonly after: string;
  readonly dependsOn: readonly Ready[];
}

/**
 * Makes the schemas that are not there, without which PostgREST does not get
 * ready, and tells replicas that run to read the schema again: a migration has
 * run, and each of them answers from what it has read.
 */
export function schemaJob({ image, database, dependsOn, ...what }: SchemaJobArgs): JobSpec {
  return psqlJob({
    image,
    server: database.server,
    admin: { user: database.role, password: database.password },
    database: database.name,
    sql: schemaSql(what),
    dependsOn,
  });
}

export function schemaSql({ schemas, roles, after }: Pick<SchemaJobArgs, "schemas" | "roles" | "after">): string {
  const names = roles.map((role) => `"${role}"`).join(", ");
  return [
    `-- After ${after}.`,
    ...schemas.flatMap((schema) => [
      `CREATE SCHEMA IF NOT EXISTS "${schema}";`,
      `GRANT USAGE ON SCHEMA "${schema}" TO ${names};`,
    ]),
    `NOTIFY ${CHANNEL}, 'reload schema';`,
    "",
  ].join("\n");
}
