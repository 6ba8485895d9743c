import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { ModelError } from "../model/errors.js";
import type { Image } from "../model/images.js";
import type { Bytes } from "../model/units.js";
import type { Endpoint, Mount, Resources, Volume, WorkloadSpec } from "../model/workload.js";
import { archived, type WalArchiveArgs } from "./postgres-archive.js";
import { tuning } from "./postgres-tuning.js";
import type { DatabaseRequest } from "./postgres-roles.js";
import { provisionDatabases } from "./provisioning.js";
import { generatedSecret } from "./secrets.js";
import type { ServiceArgs } from "./service-args.js";
import type { Database, ServerLogin } from "./database.js";

const PASSWORD_FILE = "/run/secrets/postgres-password";
/** The role that owns the server. */
export const SUPERUSER = "postgres";

export interface PostgresArgs extends ServiceArgs {
  readonly storage: Bytes;
  readonly maxConnections: number;
  /** A database and a role of its own for each consumer. */
  readonly databases: readonly DatabaseRequest[];
  /** The stack's name with its project's, which marks its roles. */
  readonly stack: string;
  /** Archives the write-ahead log. @default - it is not archived */
  readonly walArchive?: WalArchiveArgs | undefined;
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
    const superuserPassword = generatedSecret(`${name}-superuser`, { protect: args.protectData, parent: this });
    // The major version is in the volume's name: another major never starts on this data.
    const volume = args.platform.volume(`${name}-${major}`, { size: args.storage, retention: "data" }, { parent: this });
    const server = postgresWorkload({ ...args, image, password: superuserPassword, data: { volume, path: dataPath(major) } });
    this.walArchive = args.walArchive && args.platform.volume(`${name}-${major}-wal`, { size: args.walArchive.storage, retention: "data" }, { parent: this });
    const workload = args.platform.workload(
      name,
      args.walArchive && this.walArchive ? archived(server, { ...args.walArchive, volume: this.walArchive }) : server,
      { parent: this },
    );
    this.endpoint = workload.endpoint("postgres");
    const address = { host: this.endpoint.host, port: this.endpoint.port, sslMode: "disable", endpoint: this.endpoint };
    const { databases, logins, ready } = provisionDatabases(
      `${name}-provision`,
      {
        ...args,
        server: address,
        admin: { user: SUPERUSER, password: superuserPassword },
        dependsOn: [workload.ready],
      },
      this,
    );
    this.databases = databases;
    this.logins = logins;
    this.administrator = { role: SUPERUSER, password: superuserPassword, server: address, ready };
    this.registerOutputs({});
  }
}

export interface PostgresWorkloadArgs {
  readonly image: Image;
  readonly password: Output<string>;
  readonly data: Mount;
  readonly resources: Resources;
  readonly maxConnections: number;
}

export function postgresWorkload({ image, password, data, resources, maxConnections }: PostgresWorkloadArgs): WorkloadSpec<"data"> {
  const parameters = tuning(resources.limits.memory, maxConnections);
  return {
    tier: "data",
    zone: "data",
    image,
    args: ["postgres", "-c", "listen_addresses=*", ...Object.entries(parameters).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    env: {
      POSTGRES_USER: SUPERUSER,
      POSTGRES_PASSWORD_FILE: PASSWORD_FILE,
      // A directory of its own: the volume's root may hold lost+found, and initdb wants an empty directory.
      PGDATA: `${data.path}/pgdata`,
    },
    secretFiles: [{ path: PASSWORD_FILE, content: password }],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid, entrypointStepsDown: true },
    ports: { postgres: { port: 5432, exposure: "internal", protocol: "tcp" } },
    // Over TCP: during initdb the entrypoint runs a server that only the socket reaches, which is not ready.
    probe: { kind: "exec", command: ["pg_isready", "--host", "127.0.0.1", "--username", SUPERUSER, "--quiet"], interval: "2s" },
    // Time for a checkpoint: docker-library's maintainers use 120 s.
    stopGrace: "120s",
  };
}

/** Majors whose data path is known. */
const DATA_PATHS: Readonly<Record<string, string>> = {
  "15": "/var/lib/postgresql/data",
  "16": "/var/lib/postgresql/data",
  "17": "/var/lib/postgresql/data",
  // From 18 on the image's volume is the parent directory; a mount below it would leave the data in an anonymous volume.
  "18": "/var/lib/postgresql",
};

/** Majors that this program knows. */
export const MAJORS: readonly string[] = Object.keys(DATA_PATHS);

/** Where the image of a major version keeps its data. */
export function dataPath(major: string): string {
  const path = DATA_PATHS[major];
  if (path === undefined)
    throw new ModelError({
      got: `image "postgres": got major version "${major}"`,
      allowed: Object.keys(DATA_PATHS).join(", "),
      fix: "set images.pins.postgres.tag to one of them",
    });
  return path;
}

/** The major version in the image's tag: `17-alpine` and `17.9` are `17`. */
export function majorVersion({ tag }: Pick<Image, "tag">): string {
  return /^\d+/.exec(tag)?.[0] ?? tag;
}
