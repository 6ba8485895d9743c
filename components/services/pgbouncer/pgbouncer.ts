import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Duration } from "../../model/units.ts";
import type { Endpoint, Ready, Resources, WorkloadSpec } from "../../model/workload.ts";
import { generatedSecret } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";
import { databaseAccess, trustFiles, type Database } from "../postgres/database.ts";
import { configuration, CONSOLE, POOLER_PORT, STATS_USER, USERS_FILE, usersFile, type Pool } from "./config.ts";

export interface PgbouncerArgs extends ServiceArgs<"pgbouncer"> {
  readonly pools: readonly Pool[];
  /** Connections that each of their roles keeps for what goes past it. */
  readonly direct: number;
  readonly queryWait: Duration;
  readonly replicas: number;
}

/** PgBouncer: many connections of clients over few to PostgreSQL. */
export class Pgbouncer extends ComponentResource {
  readonly endpoint: Endpoint;
  readonly ready: Ready;
  /** Of the user that reads figures. */
  readonly statsPassword: Output<string>;

  private readonly args: Pick<PgbouncerArgs, "pools" | "direct">;

  constructor(name: string, args: PgbouncerArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Pgbouncer", name, {}, opts);
    this.args = args;
    // No data knows it.
    this.statsPassword = generatedSecret(`${name}-stats`, { protect: false, rotation: args.rotation, parent: this });
    const spec = pgbouncerWorkload({ ...args, image: args.image("pgbouncer"), statsPassword: this.statsPassword });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.endpoint = workload.endpoint("postgres");
    this.ready = workload.ready;
    this.registerOutputs(shownWorkload(workload));
  }

  /** The database through PgBouncer, where its role pools; else as it is. */
  before(database: Database): Database {
    const { pools, direct } = this.args;
    const pool = pools.find((each) => each.database.role === database.role);
    const { host, port } = this.endpoint;
    return pool === undefined
      ? database
      : {
          ...database,
          // Inside of the stack nothing is encrypted; PgBouncer encrypts to a server that asks for it.
          server: { host, port, sslMode: "disable", endpoint: this.endpoint },
          connectionLimit: pool.clients,
          ready: this.ready,
          direct: { ...database, connectionLimit: direct },
        };
  }
}

const PROGRAM = "pgbouncer";
const CONFIG_FILE = "/etc/pgbouncer/pgbouncer.ini";

export interface PgbouncerWorkloadArgs extends Pick<PgbouncerArgs, "pools" | "queryWait" | "replicas"> {
  readonly image: Image;
  readonly statsPassword: Output<string>;
  readonly resources: Resources;
}

export function pgbouncerWorkload(args: PgbouncerWorkloadArgs): WorkloadSpec<"app"> {
  const { image, pools, resources, replicas, statsPassword } = args;
  const [first] = pools;
  return {
    tier: "app",
    zone: "backend",
    image,
    // The image's own entrypoint writes a configuration from variables, passwords among them.
    entrypoint: [PROGRAM],
    args: [CONFIG_FILE],
    files: [
      { path: CONFIG_FILE, content: configuration(pools, args) },
      ...(first ? trustFiles(first.database.server) : []),
    ],
    secretFiles: [{ path: USERS_FILE, content: usersFile(pools, statsPassword) }],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    replicas,
    ports: { postgres: { port: POOLER_PORT, exposure: "internal", protocol: "tcp" } },
    probe: {
      kind: "exec",
      command: [
        "pg_isready",
        ...["--host", "127.0.0.1", "--port", String(POOLER_PORT)],
        ...["--dbname", CONSOLE, "--username", STATS_USER, "--quiet"],
      ],
      interval: "2s",
    },
    // SIGTERM waits until all clients have left, and pools of apps never leave. This one ends the transactions that run.
    stopSignal: "SIGINT",
    ...(first && databaseAccess(first.database)),
    dependsOn: [...new Map(pools.map(({ database: { ready } }) => [ready.name, ready])).values()],
  };
}
