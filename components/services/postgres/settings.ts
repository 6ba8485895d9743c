import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, count, flag, hostName, oneOf, pem, port, text } from "../../settings/kit/scalars.ts";
import { replica } from "./replica/settings.ts";

/** What PostgreSQL ships and marks as trusted: safe for an owner who is no superuser, and on every managed server. */
const TRUSTED_EXTENSIONS = [
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "dict_int",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "lo",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "seg",
  "tablefunc",
  "tcn",
  "tsm_system_rows",
  "tsm_system_time",
  "unaccent",
  "uuid-ossp",
] as const;

/** Suffixes follow a database's name in a restore; PostgreSQL cuts what is longer than 63. */
const SERVER_NAME =
  'a name of 1 to 50 letters, digits, underscores and hyphens such as "shop", with a letter or underscore first';

const ADOPTED = 'a list of names of roles and databases such as ["apprun"], or ["*"]';

const serverNames = (what: string) =>
  z
    .record(z.string(), z.string({ error: SERVER_NAME }).regex(/^[A-Za-z_][\w-]{0,49}$/, SERVER_NAME), {
      error: `a map of ${what}: the stack's name for each, and the server's`,
    })
    .default({});

/** The stack's PostgreSQL server, its own or a managed one. */
export const postgres = z
  .strictObject({
    mode: oneOf("container", "operator", "external")
      .default("container")
      .describe(
        "A server of the stack's own, a CloudNativePG cluster (only with platform kubernetes), or a managed server.",
      ),
    external: z
      .strictObject({
        host: hostName(),
        port: port().default(5432),
        adminUser: text("the name of a role").default("postgres"),
        sslMode: oneOf("require", "verify-ca", "verify-full", "disable").default("require"),
        ca: pem()
          .optional()
          .describe(
            "Certificate that signed the server's, in PEM; public authorities need none. With sslMode verify-ca or verify-full.",
          ),
        provisioning: oneOf("job", "engine")
          .default("job")
          .describe(
            "Who makes roles, databases and grants: a job beside the stack's containers, or the engine, whose machine must reach the server. A preview then shows each, and what somebody changed.",
          ),
        adopt: z
          .array(z.string({ error: ADOPTED }), { error: ADOPTED })
          .default([])
          .describe(
            'Roles and databases that are there and that the engine takes over, by the name that the stack has for each; `["*"]` for all. Only with provisioning engine.',
          ),
        databases: serverNames("databases")
          .meta({ examples: [{ apprun: "shop" }] })
          .describe("Databases that are there under other names, by the name that the stack has for each."),
        roles: serverNames("roles")
          .meta({ examples: [{ apprun: "shop_owner" }] })
          .describe("Other names of roles, by the name that the stack has for each."),
      })
      .optional()
      .describe(
        "A managed PostgreSQL; only with mode external. Its admin password is the secret postgresAdminPassword.",
      ),
    operator: z
      .strictObject({
        instances: count(1, 9).default(3),
        backup: z
          .strictObject({
            destination: z
              .string({ error: 'an S3 path such as "s3://backups/apprun"' })
              .regex(/^s3:\/\/[\w.-]+(\/\S*)?$/, 'an S3 path such as "s3://backups/apprun"'),
            endpoint: z
              .url({ error: "the URL of the object storage" })
              .optional()
              .describe("For storage other than AWS, such as R2."),
            retention: z
              .string({ error: "a span in days such as 30d" })
              .regex(/^[1-9]\d*d$/, "a span in days such as 30d")
              .default("30d"),
            schedule: text("a cron expression with seconds")
              .default("0 0 2 * * *")
              .describe("Cron expression with seconds, as CloudNativePG takes it."),
          })
          .optional()
          .describe(
            "Base backups and write-ahead log in object storage; the secrets backupAccessKeyId and backupSecretAccessKey open it.",
          ),
      })
      .prefault({})
      .describe("Only with mode operator."),
    extensions: z
      .array(oneOf(...TRUSTED_EXTENSIONS), { error: 'a list of extensions such as ["pgcrypto"]' })
      .default([])
      .describe("Extensions of the app's database. One that is no longer named stays: columns may need it."),
    apiRoles: flag()
      .default(false)
      .describe(
        "Roles for a data API that the stack does not run, as PostgREST expects them: anon and authenticated, and authenticator, which becomes one of them. With postgrest.enabled they are there anyway.",
      ),
    upgradeFrom: count(15, 17)
      .optional()
      .describe(
        "The major version whose data a newer images.pins.postgres.tag takes over; its volume stays. Only with mode container on a Docker host.",
      ),
    maxConnections: count(20, 5000)
      .optional()
      .describe(
        "Connections to the server; when absent as many as all roles may hold together, in steps of 100 from 200 on. Another number restarts PostgreSQL.",
      ),
    replica,
    storage: bytes().default("5Gi"),
    resources: resources("1", "512Mi", "250m", "256Mi"),
  })
  .prefault({});
