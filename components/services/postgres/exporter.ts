import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { SqlMetrics } from "../../model/observability.ts";
import type { JobSpec, Ready, Resources, WorkloadSpec } from "../../model/workload.ts";
import { databaseAccess, type ServerLogin, trustFiles, urlTls } from "./database.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import { withoutSettings } from "./exporter-version.ts";
import { exporterQueries, monitoringSql } from "./monitoring-sql.ts";
import { postgresObservability, SERVER_METRICS } from "./observability.ts";
import { psqlJob, type DatabaseAdmin } from "./psql-job.ts";
import { REPLICA_METRICS } from "./replica/observability.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface PostgresExporterArgs extends ServiceArgs<"postgresExporter" | "postgres"> {
  /** Who reads the server's statistics. */
  readonly login: ServerLogin;
  /** Who grants it what the metrics read. */
  readonly admin: DatabaseAdmin;
  /** What it asks the services' own databases. */
  readonly metrics: readonly SqlMetrics[];
  /** Whether a replica follows the server. */
  readonly replica: boolean;
  /** Resolves when the tables of those metrics are there. */
  readonly dependsOn: readonly Ready[];
}

/** Metrics of the PostgreSQL server and of the services' own tables, through a role of its own. */
export class PostgresExporter extends ComponentResource {
  constructor(name: string, args: PostgresExporterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:PostgresExporter", name, {}, opts);
    const role = args.platform.job(`${name}-role`, roleJob({ ...args, image: args.image("postgres") }), {
      parent: this,
    });
    const workload = args.platform.workload(
      name,
      postgresExporterWorkload({ ...args, image: args.image("postgresExporter"), dependsOn: [role.succeeded] }),
      {
        parent: this,
      },
    );
    this.registerOutputs(shownWorkload(workload));
  }
}

interface Args extends Pick<PostgresExporterArgs, "login" | "metrics" | "replica" | "dependsOn"> {
  readonly image: Image;
}

/** Grants the role what the metrics read, once the tables are there. */
export function roleJob({
  image,
  login,
  admin,
  metrics,
  dependsOn,
}: Omit<Args, "replica"> & Pick<PostgresExporterArgs, "admin">): JobSpec {
  return psqlJob({
    image,
    server: login.server,
    admin,
    sql: monitoringSql(login.role, metrics),
    dependsOn: [login.ready, ...dependsOn],
  });
}

const PASSWORD_FILE = "/run/secrets/monitoring-password";
const QUERIES = "/etc/postgres-exporter/queries.yml";
const PORT = 9187;

export function postgresExporterWorkload({
  image,
  login: { role, password, server },
  metrics,
  replica,
  dependsOn,
  resources,
}: Args & { readonly resources: Resources }): WorkloadSpec<"app"> {
  const databases = [...new Set(metrics.map(({ database }) => database))];
  return exporterWorkload({
    image,
    args: [
      `--web.listen-address=:${PORT}`,
      `--extend.query-path=${QUERIES}`,
      withoutSettings(image.tag),
      ...(databases.length > 0 ? ["--auto-discover-databases", `--include-databases=${databases.join(",")}`] : []),
    ],
    env: {
      DATA_SOURCE_URI: `${server.host}:${server.port}/postgres?${urlTls(server)}`,
      DATA_SOURCE_USER: role,
      DATA_SOURCE_PASS_FILE: PASSWORD_FILE,
    },
    files: [
      { path: QUERIES, content: exporterQueries([SERVER_METRICS, ...(replica ? [REPLICA_METRICS] : [])], metrics) },
      ...trustFiles(server),
    ],
    secretFiles: [{ path: PASSWORD_FILE, content: password }],
    resources,
    port: PORT,
    observability: postgresObservability({ replica }),
    ...databaseAccess({ server }),
    dependsOn,
  });
}
