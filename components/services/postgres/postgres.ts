import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import { dataPath, majorVersion } from "../../model/postgres-version.ts";
import type { Bytes } from "../../model/units.ts";
import type { Mount, Volume } from "../../model/volume.ts";
import type { Endpoint, Ready, Resources, WorkloadSpec } from "../../model/workload.ts";
import { archived, type WalArchiveArgs } from "./archive.ts";
import { REPLICA, REPLICATOR } from "./replica/names.ts";
import { PostgresReplica, readFrom } from "./replica/replica.ts";
import { letReplicate, type Replicating } from "./replicating.ts";
import type { DatabaseRequest } from "./roles.ts";
import { superuserRotationJob } from "./rotation.ts";
import { tuning } from "./tuning.ts";
import { upgradeJob } from "./upgrade.ts";
import { provisionDatabases } from "./provisioning.ts";
import { secretValues } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { type Database, type ServerLogin, shownServer } from "./database.ts";
import { shownWorkload } from "../kit/shown.ts";

const PASSWORD_FILE = "/run/secrets/postgres-password";
const DUMPED = { leftOut: "its databases are dumped, in one snapshot that fits every server" };
const UPLOADED = { leftOut: "its segments go to the repositories by a schedule of their own" };
const OLD_ROWS = {
  never: "its rows end where the state forgot it, and it may have passwords that the state no longer has",
};
const GAP = { never: "the log that was written since is missing in it" };
/** The role that owns the server. */
export const SUPERUSER = "postgres";

export interface PostgresArgs extends ServiceArgs<"postgres"> {
  readonly storage: Bytes;
  readonly maxConnections: number;
  /** The major whose data is taken over; its volume stays. @default - nothing is taken over */
  readonly upgradeFrom?: number | undefined;
  /** A database and a role of its own for each consumer. */
  readonly databases: readonly DatabaseRequest[];
  /** The stack's name with its project's, which marks its roles. */
  readonly stack: string;
  /** Archives the write-ahead log. @default - it is not archived */
  readonly walArchive?: WalArchiveArgs | undefined;
  /** A second server that follows this one. */
  readonly replica: { readonly enabled: boolean; readonly keptLog?: Bytes | undefined };
}

/** The one PostgreSQL server of a stack, with a database and a least-privilege role for each consumer. */
export class Postgres extends ComponentResource {
  readonly endpoint: Endpoint;
  /** The databases by name. */
  readonly databases: ReadonlyMap<string, Database>;
  /** The superuser, once everything is provisioned. */
  readonly administrator: ServerLogin;
  /** Roles that own no database, by name. */
  readonly logins: ReadonlyMap<string, ServerLogin>;
  /** Where the write-ahead log is archived. @default - it is not */
  readonly walArchive: Volume | undefined;

  constructor(name: string, args: PostgresArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Postgres", name, {}, opts);
    const image = args.image("postgres");
    const major = majorVersion(image);
    const passwords = secretValues(`${name}-superuser`, {
      protect: args.protectData,
      rotation: args.rotation,
      parent: this,
    });
    const [superuserPassword] = passwords;
    // The major version is in the volume's name: another major never starts on this data.
    const volumeOf = (version: string) =>
      args.platform.volume(
        `${name}-${version}`,
        { size: args.storage, retention: "data", backup: DUMPED, ifForgotten: OLD_ROWS },
        { parent: this },
      );
    const data = { volume: volumeOf(major), path: dataPath(major) };
    // The container's is used once, to make the data: it stays the first, so that a rotation restarts no server.
    const server = {
      ...args,
      image,
      passwords,
      password: passwords.at(-1) ?? superuserPassword,
      data,
      pgdata: `${data.path}/${DATA_DIRECTORY}`,
    };
    const dependsOn: Ready[] = [];
    if (args.upgradeFrom !== undefined) {
      const from = String(args.upgradeFrom);
      volumeOf(from);
      const upgrade = args.platform.job(
        `${name}-upgrade`,
        upgradeJob({ ...server, from, host: name, administrator: SUPERUSER }),
        { parent: this },
      );
      dependsOn.push(upgrade.succeeded);
    }
    const archiveOf = (version: string, { storage: size }: WalArchiveArgs) =>
      args.platform.volume(
        `${name}-${version}-wal`,
        { size, retention: "data", backup: UPLOADED, ifForgotten: GAP },
        { parent: this },
      );
    this.walArchive = args.walArchive && archiveOf(major, args.walArchive);
    // The old server's stays as its data does.
    if (args.walArchive && args.upgradeFrom !== undefined) archiveOf(String(args.upgradeFrom), args.walArchive);
    const spec = postgresWorkload({ ...server, dependsOn });
    const workload = args.platform.workload(name, primarySpec(spec, args, this.walArchive), { parent: this });
    this.endpoint = workload.endpoint("postgres");
    const address = { host: this.endpoint.host, port: this.endpoint.port, sslMode: "disable", endpoint: this.endpoint };
    const rotated =
      passwords.length === 1
        ? workload.ready
        : args.platform.job(
            `${name}-rotate`,
            superuserRotationJob({ image, server: address, role: SUPERUSER, passwords, dependsOn: [workload.ready] }),
            {
              parent: this,
            },
          ).succeeded;
    const admin = { user: SUPERUSER, password: superuserPassword };
    const { databases, logins, ready } = provisionDatabases(
      `${name}-provision`,
      {
        ...args,
        server: address,
        admin,
        dependsOn: [rotated],
      },
      this,
    );
    const login = args.replica.enabled ? logins.get(REPLICATOR) : undefined;
    const replica =
      login &&
      new PostgresReplica(REPLICA, { ...server, ...args.replica, primary: spec, login, admin }, { parent: this });
    this.databases = replica ? readFrom(databases, replica.server) : databases;
    this.logins = logins;
    this.administrator = { role: SUPERUSER, password: superuserPassword, server: address, ready };
    this.registerOutputs({ ...shownWorkload(workload), ...shownServer(this) });
  }
}

/** The server with what it does for its archive and its replica. */
function primarySpec(
  spec: WorkloadSpec<"data">,
  { walArchive, replica }: Pick<PostgresArgs, "walArchive" | "replica">,
  volume: Volume | undefined,
): WorkloadSpec<"data"> {
  const archiving = walArchive && volume && { ...walArchive, volume };
  const who: readonly Replicating[] = [
    ...(archiving ? [{ role: archiving.role, from: "all" } as const] : []),
    ...(replica.enabled ? [{ role: REPLICATOR, from: "samenet" } as const] : []),
  ];
  return letReplicate(archiving ? archived(spec, archiving) : spec, who);
}

export interface PostgresWorkloadArgs {
  readonly image: Image;
  readonly password: Output<string>;
  readonly data: Mount;
  /** The server's directory in that volume. */
  readonly pgdata: string;
  readonly resources: Resources;
  readonly maxConnections: number;
  readonly dependsOn: readonly Ready[];
}

/**
 * How a server that is made now sorts texts: from 17 on as PostgreSQL itself
 * does, so that no C library is part of the data. Data that is there keeps its own.
 */
function order(major: string): Record<string, string> {
  return Number(major) < 17 ? {} : { POSTGRES_INITDB_ARGS: "--locale-provider=builtin --builtin-locale=C.UTF-8" };
}

/** A directory of its own: the volume's root may hold lost+found, and initdb wants an empty directory. */
const DATA_DIRECTORY = "pgdata";

export function postgresWorkload({
  image,
  password,
  data,
  pgdata,
  resources,
  maxConnections,
  dependsOn,
}: PostgresWorkloadArgs): WorkloadSpec<"data"> {
  const parameters = tuning(resources.limits.memory, maxConnections);
  return {
    tier: "data",
    zone: "data",
    image,
    args: [
      "postgres",
      "-c",
      "listen_addresses=*",
      ...Object.entries(parameters).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
    ],
    env: {
      POSTGRES_USER: SUPERUSER,
      POSTGRES_PASSWORD_FILE: PASSWORD_FILE,
      PGDATA: pgdata,
      ...order(majorVersion(image)),
    },
    secretFiles: [{ path: PASSWORD_FILE, content: password }],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid, entrypointStepsDown: true },
    ports: { postgres: { port: 5432, exposure: "internal", protocol: "tcp" } },
    // Over TCP: during initdb the entrypoint runs a server that only the socket reaches, which is not ready.
    probe: {
      kind: "exec",
      command: ["pg_isready", "--host", "127.0.0.1", "--username", SUPERUSER, "--quiet"],
      // It refuses connections while it starts, and while it replays its log.
      recovering: 1,
      interval: "2s",
    },
    // Time for a checkpoint: docker-library's maintainers use 120 s.
    stopGrace: "120s",
    dependsOn,
  };
}
