import type { Slice } from "../../settings/kit/rule.ts";
import { flag } from "../../settings/kit/scalars.ts";
import type { Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";
import { POSTGRES_IMAGES } from "./images.ts";
import { type DatabaseRequest, PASSWORD_REACHES, QUERY_TIMES } from "./roles.ts";
import { postgresRules } from "./rules.ts";
import { postgres as settings } from "./settings.ts";
import { postgresSizes } from "./sizes.ts";

/** Reads the server's statistics. */
export const MONITORING = "monitoring";
/** The exporter's own pool and one connection for each database that it looks into. */
const MONITORING_CONNECTIONS = 10;

export const postgres = {
  name: "postgres",
  title: "PostgreSQL",
  purpose:
    "Holds every database: a server of the stack, an operator's cluster on Kubernetes, or a server that somebody else runs.",
  guides: ["databases.md"],
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
  },
  givenSecrets: { postgresAdminPassword: "Password of postgres.external.adminUser" },
  rules: postgresRules,
  target: { name: "postgres" },
  outsideServers: ({ postgres: { external, operator } }: Slice<{ postgres: typeof settings }>) => [
    { setting: "postgres.external.host", at: external?.host },
    { setting: "postgres.operator.backup.endpoint", at: operator.backup?.endpoint },
  ],
  sizes: postgresSizes,
  roles: ({ prometheus, exporters }: Watched<"postgres">): readonly DatabaseRequest[] =>
    prometheus.enabled && exporters.postgres
      ? [
          {
            role: MONITORING,
            databases: [],
            connectionLimit: MONITORING_CONNECTIONS,
            memberOf: ["pg_monitor"],
            ...QUERY_TIMES,
          },
        ]
      : [],
} as const satisfies Service;
