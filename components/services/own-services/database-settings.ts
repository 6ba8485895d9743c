import { z } from "zod";
import { count, duration, flag, oneOf } from "../../settings/kit/scalars.ts";

const EXTENSIONS = 'a list of names such as ["pgcrypto"]';

const database = z.strictObject({
  of: oneOf("itself", "app")
    .default("itself")
    .describe("Whose database it uses, with a role of its own. app: the app's, where it may do what the app may."),
  connections: count(1, 1000).default(5).describe("Connections of all replicas together."),
  pooled: flag()
    .default(false)
    .describe("Whether they go through PgBouncer, a transaction at a time; only with pgbouncer.enabled."),
  statementTimeout: duration().default("60s").describe("Time after which PostgreSQL ends a statement."),
  idleTransactionTimeout: duration()
    .default("60s")
    .describe("Time for which a transaction may stay open without a statement."),
  extensions: z
    .array(z.string({ error: EXTENSIONS }).regex(/^[a-z_][a-z0-9_-]*$/, EXTENSIONS), { error: EXTENSIONS })
    .default([])
    .describe("Extensions of a database of its own."),
});

/** What a service has on the stack's PostgreSQL server. */
export const databaseSettings = database.optional().describe("Its database; only with postgres in connectsTo.");

/** The same where nothing is said of it. */
export const DATABASE_DEFAULTS = database.parse({});
