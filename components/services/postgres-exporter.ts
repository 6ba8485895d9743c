import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../model/images.js";
import type { SqlMetrics } from "../model/observability.js";
import type { JobSpec, Ready, Resources, SecretFile, WorkloadSpec } from "../model/workload.js";
import { databaseAccess, type DatabaseServer } from "./database.js";
import { exporterQueries, MONITORING_ROLE, monitoringSql } from "./postgres-monitoring-sql.js";
import { postgresObservability } from "./postgres-observability.js";
import { psqlJob, type DatabaseAdmin } from "./psql-job.js";
import { generatedSecret } from "./secrets.js";
import type { ServiceArgs } from "./service-args.js";

export interface PostgresExporterArgs extends ServiceArgs {
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  /** What it asks the services' own databases. */
  readonly metrics: readonly SqlMetrics[];
  /** Resolves when the tables of those metrics are there. */
  readonly dependsOn: readonly Ready[];
}

/** Metrics of the PostgreSQL server and of the services' own tables, through a role of its own. */
export class PostgresExporter extends ComponentResource {
  constructor(name: string, args: PostgresExporterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:PostgresExporter", name, {}, opts);
    // No data knows it: the job below sets it anew.
    const password = generatedSecret(name, { protect: false, rotation: args.rotation, parent: this });
    const role = args.platform.job(`${name}-role`, roleJob({ ...args, image: args.image("postgres"), password }), { parent: this });
    args.platform.workload(name, postgresExporterWorkload({ ...args, image: args.image("postgresExporter"), password, dependsOn: [role.succeeded] }), {
      parent: this,
    });
    this.registerOutputs({});
  }
}

interface Args extends Pick<PostgresExporterArgs, "server" | "metrics" | "dependsOn"> {
  readonly image: Image;
  readonly password: Output<string>;
}

/** Makes the monitoring role and grants it what the metrics read. */
export function roleJob({ image, server, admin, metrics, password, dependsOn }: Args & Pick<PostgresExporterArgs, "admin">): JobSpec {
  return psqlJob({ image, server, admin, sql: monitoringSql(password, metrics), dependsOn });
}

const PASSWORD_FILE = "/run/secrets/monitoring-password";
const QUERIES = "/etc/postgres-exporter/queries.yml";
const PORT = 9187;

export function postgresExporterWorkload({
  image,
  server,
  metrics,
  password,
  dependsOn,
  resources,
}: Args & { readonly resources: Resources }): WorkloadSpec<"app"> {
  const databases = [...new Set(metrics.map(({ database }) => database))];
  const secret: SecretFile = { path: PASSWORD_FILE, content: password };
  return {
    tier: "app",
    zone: "backend",
    image,
    args: [
      `--web.listen-address=:${PORT}`,
      `--extend.query-path=${QUERIES}`,
      // Hundreds of series of which one counts, which the queries ask for.
      "--disable-settings-metrics",
      ...(databases.length > 0 ? ["--auto-discover-databases", `--include-databases=${databases.join(",")}`] : []),
    ],
    env: {
      DATA_SOURCE_URI: `${server.host}:${server.port}/postgres?sslmode=${server.sslMode}`,
      DATA_SOURCE_USER: MONITORING_ROLE,
      DATA_SOURCE_PASS_FILE: PASSWORD_FILE,
    },
    files: [{ path: QUERIES, content: exporterQueries(metrics) }],
    secretFiles: [secret],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: { metrics: { port: PORT, exposure: "internal" } },
    probe: { kind: "http", port: "metrics", path: "/" },
    metrics: { port: "metrics", path: "/metrics" },
    observability: postgresObservability(),
    ...databaseAccess({ server }),
    dependsOn,
  };
}
