import type { Slice } from "../../settings/kit/rule.ts";
import { flag } from "../../settings/kit/scalars.ts";
import type { Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";
import { POSTGRES_IMAGES } from "./images.ts";
import { REPLICATOR } from "./replica/names.ts";
import { replicaRules } from "./replica/rules.ts";
import { type DatabaseRequest, PASSWORD_REACHES, QUERY_TIMES } from "./roles.ts";
import { postgresRules } from "./rules.ts";
import { postgres as settings } from "./settings.ts";
import { postgresSizes } from "./sizes.ts";

/** Reads the server's statistics. */
export const MONITORING = "monitoring";
/** The exporter's own pool and one connection for each database that it looks into. */
const MONITORING_CONNECTIONS = 10;
/** The log that is streamed, a copy with a stream of its own, and what asks before either. */
const REPLICATOR_CONNECTIONS = 5;

export const postgres = {
  name: "postgres",
  title: "PostgreSQL",
  purpose:
    "Holds every database: a server of the stack, an operator's cluster on Kubernetes, or a server that somebody else runs.",
  guides: ["databases.md", "replica.md"],
  settings: { postgres: settings },
  exporters: {
    postgres: flag()
      .default(true)
      .describe("PostgreSQL, Kratos' mail queue and Temporal's schema, through a role of its own."),
  },
  images: POSTGRES_IMAGES,
  light: { postgres: { resources: { requests: { memory: "128Mi" }, limits: { memory: "256Mi" } } } },
  rotated: {
    "postgres-superuser": {
      reaches: "a job logs in with whichever generation is in force, and sets the current one",
      restarts: "no service; jobs that log in run again",
      allStay: "a rotation that was interrupted left an older one in force",
    },
    "postgres-provision-monitoring": { reaches: PASSWORD_REACHES, restarts: "the exporter" },
    "postgres-provision-replicator": { reaches: PASSWORD_REACHES, restarts: "the replica" },
  },
  givenSecrets: { postgresAdminPassword: "Password of postgres.external.adminUser" },
  rules: [...postgresRules, ...replicaRules],
  target: { name: "postgres" },
  outsideServers: ({ postgres: { external, operator } }: Slice<{ postgres: typeof settings }>) => [
    { setting: "postgres.external.host", at: external?.host },
    { setting: "postgres.operator.backup.endpoint", at: operator.backup?.endpoint },
  ],
  sizes: postgresSizes,
  roles: ({
    prometheus,
    exporters,
    postgres: { replica },
  }: Watched<"postgres"> & Slice<{ postgres: typeof settings }>): readonly DatabaseRequest[] => [
    ...(prometheus.enabled && exporters.postgres
      ? [
          {
            role: MONITORING,
            databases: [],
            connectionLimit: MONITORING_CONNECTIONS,
            memberOf: ["pg_monitor"],
            ...QUERY_TIMES,
          },
        ]
      : []),
    ...(replica.enabled
      ? [{ role: REPLICATOR, databases: [], connectionLimit: REPLICATOR_CONNECTIONS, replicates: true }]
      : []),
  ],
} as const satisfies Service;
