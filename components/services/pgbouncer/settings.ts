import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { count, duration, flag } from "../../settings/kit/scalars.ts";

/** Fewer connections to PostgreSQL than its clients hold: PgBouncer. */
export const pgbouncer = z
  .strictObject({
    enabled: flag()
      .default(false)
      .describe(
        "The app, and own services with database.pooled, reach PostgreSQL through PgBouncer, a transaction at a time (docs/pgbouncer.md).",
      ),
    replicas: count(1, 20).default(1),
    pool: count(1, 500)
      .default(20)
      .describe(
        "Connections to PostgreSQL of each replica for each role that it pools. The limit of the role follows, with one replica more.",
      ),
    direct: count(1, 100)
      .default(5)
      .describe("Connections that each of these roles keeps for what goes past PgBouncer, such as migrations."),
    queryWait: duration()
      .default("30s")
      .describe("Time for which a query waits for a connection; after it the client is cut off."),
    resources: resources("1", "64Mi", "50m", "16Mi"),
  })
  .prefault({});
