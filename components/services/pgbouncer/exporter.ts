import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Resources, WorkloadSpec } from "../../model/workload.ts";
import { exporterWorkload } from "../kit/exporter.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";
import { CONSOLE, STATS_USER } from "./config.ts";
import { pgbouncerObservability } from "./observability.ts";
import type { Pgbouncer } from "./pgbouncer.ts";

type Watched = Pick<Pgbouncer, "endpoint" | "ready" | "statsPassword">;

export interface PgbouncerExporterArgs extends ServiceArgs<"pgbouncerExporter"> {
  readonly pooler: Watched;
}

/** Metrics of PgBouncer, from its console. */
export class PgbouncerExporter extends ComponentResource {
  constructor(name: string, args: PgbouncerExporterArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:PgbouncerExporter", name, {}, opts);
    const spec = pgbouncerExporterWorkload({ ...args, image: args.image("pgbouncerExporter") });
    this.registerOutputs(shownWorkload(args.platform.workload(name, spec, { parent: this })));
  }
}

const PASSWORD_FILE = "/run/secrets/pgbouncer-stats-password";
const PORT = 9127;

export function pgbouncerExporterWorkload({
  image,
  pooler: { endpoint, ready, statsPassword },
  resources,
}: {
  readonly image: Image;
  readonly pooler: Watched;
  readonly resources: Resources;
}): WorkloadSpec<"app"> {
  const url = `postgres://${STATS_USER}@${endpoint.address}/${CONSOLE}?sslmode=disable`;
  return exporterWorkload({
    image,
    // Its driver takes the password from the environment, or from a file that nobody but its owner may read.
    entrypoint: ["sh", "-c", `PGPASSWORD="$(cat ${PASSWORD_FILE})" exec pgbouncer_exporter "$@"`, "sh"],
    args: [`--web.listen-address=:${PORT}`, `--pgBouncer.connectionString=${url}`],
    secretFiles: [{ path: PASSWORD_FILE, content: statsPassword }],
    resources,
    port: PORT,
    observability: pgbouncerObservability(),
    connectsTo: [endpoint],
    dependsOn: [ready],
  });
}
