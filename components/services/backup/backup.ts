import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Cron } from "../../model/cron.ts";
import type { Image } from "../../model/images.ts";
import { mebibytes, type Bytes } from "../../model/units.ts";
import type { Mount, Volume } from "../../model/volume.ts";
import type { ConfigFile, JobSpec, Resources, ScheduleSpec, SecretFile } from "../../model/workload.ts";
import { backupFiles, BACKUP_SCRIPTS, type BackupTree, type SchemaVersion } from "./files.ts";
import { TOOLS_SIZE } from "./index.ts";
import { METRICS_PATH } from "./metrics.ts";
import { repositoryPath } from "./remote.ts";
import { keeps, type Retention } from "./retention.ts";
import { WAL_ARCHIVE } from "../postgres/archive.ts";
import { databaseAccess, libpqTls, type ServerLogin, trustFiles } from "../postgres/database.ts";
import { fingerprints, s3Credentials, type S3Keys } from "./secrets.ts";
import { secretValues, valuesFile, type SecretValues } from "../kit/secrets.ts";
import type { Made } from "../kit/made.ts";
import { JOB_RESOURCES, type ServiceArgs } from "../kit/service-args.ts";

export interface BackupArgs extends ServiceArgs<"restic" | "postgres"> {
  /** The stack's name with its project's, under which its sets are found. */
  readonly stack: string;
  readonly reader: ServerLogin;
  /** Who restores; the schedule itself only reads. */
  readonly administrator: ServerLogin;
  readonly databases: readonly string[];
  readonly schemaVersions: readonly SchemaVersion[];
  readonly trees: readonly BackupTree[];
  /** Plain configuration files by service. */
  readonly configuration: Readonly<Record<string, readonly ConfigFile[]>>;
  /** Keys that data is encrypted with, by name. */
  readonly keys: Readonly<Record<string, SecretValues>>;
  /** References of the images that run, by name. */
  readonly images: Readonly<Record<string, string>>;
  readonly schedule: Cron;
  readonly drill: Cron;
  /** Brings moments back too. @default - only sets */
  readonly pointInTime?: { readonly archive: Volume; readonly upload: Cron } | undefined;
  readonly storage: Bytes;
  /** Where the outcome of the last runs is left for Prometheus. */
  readonly metrics: Volume;
  readonly local: Retention;
  /** @default - sets are kept on this host only */
  readonly remote?:
    | (Retention & {
        readonly ca?: string | undefined;
        readonly endpoint: string;
        readonly bucket: string;
        readonly region?: string | undefined;
        readonly prefix?: string | undefined;
        readonly keys: S3Keys;
      })
    | undefined;
}

/**
 * Backup sets of all databases and volumes with restic, taken and proven by
 * schedule. The schedule runs in PostgreSQL's own image, whose tools fit the
 * server; restic, one static program, is copied beside them from its own image.
 */
export class Backup extends ComponentResource implements Made {
  readonly logins: NonNullable<Made["logins"]>;

  /** The repository's password: without it no set can be read. */
  readonly password: Output<string>;
  /** The name under which the sets are found. */
  readonly stack: string;

  constructor(name: string, args: BackupArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Backup", name, {}, opts);
    const child = { parent: this };
    this.stack = args.stack;
    const passwords = secretValues(`${name}-password`, {
      protect: args.protectData,
      rotation: args.rotation,
      parent: this,
    });
    this.password = passwords[0];
    const repository = args.platform.volume(
      `${name}s`,
      {
        size: args.storage,
        retention: "data",
        backup: { leftOut: "it holds the backups" },
        ifForgotten: { never: "nobody can read its sets: their password went with the state" },
      },
      child,
    );
    const tools = args.platform.volume(`${name}-tools`, { size: TOOLS_SIZE, retention: "cache" }, child);
    const installed = args.platform.job(`${name}-tools`, toolsJob(args.image("restic"), tools), child);
    args.platform.schedule(
      name,
      backupSchedule({
        ...args,
        image: args.image("postgres"),
        passwords,
        repository,
        tools,
        dependsOn: [installed.succeeded, args.reader.ready],
      }),
      child,
    );
    this.logins = { backup: { username: this.stack, password: this.password }, ...bucketLogin(args) };
    this.registerOutputs({
      image: args.image("postgres").reference,
      sets: this.stack,
      databases: args.databases,
      volumes: args.trees.map((tree) => tree.name),
      runs: { backup: args.schedule, drill: args.drill },
      ...(args.remote && { remote: `${args.remote.endpoint}/${args.remote.bucket}` }),
    });
  }
}

/** What `credentials` calls the keys of the bucket of the remote repository. */
export const BUCKET_LOGIN = "backup-bucket";

function bucketLogin({ remote }: BackupArgs): NonNullable<Made["logins"]> {
  if (remote === undefined) return {};
  return { [BUCKET_LOGIN]: { username: remote.keys.accessKeyId, password: remote.keys.secretAccessKey } };
}

/** Beside what a restore copies into its own container. */
const CA_PATH = "/etc/backup/postgres-ca.pem";
const REMOTE_CA_PATH = "/etc/backup/remote-ca.pem";
const TOOLS_PATH = "/opt/backup-tools";

/** Copies restic out of its image. */
export function toolsJob(image: Image, volume: Volume): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    // Aside first: a schedule may be running the old one.
    args: [
      `cp "$(command -v restic)" ${TOOLS_PATH}/restic.new && chmod 555 ${TOOLS_PATH}/restic.new && mv ${TOOLS_PATH}/restic.new ${TOOLS_PATH}/restic`,
    ],
    mounts: [{ volume, path: TOOLS_PATH }],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid, administersFiles: true },
    zone: "data",
  };
}

export interface BackupScheduleArgs extends Omit<BackupArgs, "platform" | "image" | "protectData"> {
  readonly image: Image;
  readonly passwords: SecretValues;
  readonly repository: Volume;
  readonly tools: Volume;
  readonly dependsOn: ScheduleSpec["dependsOn"] & object;
  readonly resources: Resources;
}

/** Backup and drill in one container: they share the repository, and only one of them runs at a time. */
export function backupSchedule(args: BackupScheduleArgs): ScheduleSpec {
  const { image, reader, remote, trees, repository, tools, metrics, pointInTime } = args;
  const access = databaseAccess(reader);
  const mounts: Mount[] = [
    { volume: repository, path: "/backup" },
    { volume: tools, path: TOOLS_PATH, readOnly: true },
    { volume: metrics, path: METRICS_PATH },
    ...(pointInTime ? [{ volume: pointInTime.archive, path: WAL_ARCHIVE }] : []),
    ...trees.map(({ name, volume }) => ({ volume, path: `/sources/${name}`, readOnly: true })),
  ];
  return {
    image,
    runs: {
      backup: { cron: args.schedule, command: ["bash", `${BACKUP_SCRIPTS}/backup.sh`] },
      drill: { cron: args.drill, command: ["bash", `${BACKUP_SCRIPTS}/drill.sh`] },
      ...(pointInTime && { wal: { cron: pointInTime.upload, command: ["bash", `${BACKUP_SCRIPTS}/wal.sh`] } }),
    },
    env: environment(args),
    files: [
      ...backupFiles(args),
      ...trustFiles(reader.server, CA_PATH),
      ...(remote?.ca === undefined ? [] : [{ path: REMOTE_CA_PATH, content: remote.ca }]),
    ],
    secretFiles: secretFiles(args),
    mounts,
    resources: args.resources,
    runAs: {
      uid: image.uid,
      gid: image.gid,
      administersFiles: true,
      groups: [...new Set(trees.map(({ gid }) => gid))].sort((a, b) => a - b),
    },
    zone: "data",
    connectsTo: access.connectsTo,
    egress: access.egress || remote !== undefined,
    dependsOn: args.dependsOn,
  };
}

/** The rest is for PostgreSQL's programs beside it. */
const MEMORY_OF_RESTIC = 0.75;

function environment({
  stack,
  reader,
  administrator,
  databases,
  trees,
  local,
  remote,
  pointInTime,
  resources,
}: BackupScheduleArgs): Record<string, string> {
  const { host, port } = reader.server;
  return {
    BACKUP_STACK: stack,
    BACKUP_DATABASES: databases.join(" "),
    BACKUP_TREES: trees.map(({ name }) => name).join(" "),
    BACKUP_ADMIN: administrator.role,
    ...keeps("LOCAL", local),
    BACKUP_REMOTE:
      remote === undefined ? "" : `s3:${remote.endpoint}/${remote.bucket}/${repositoryPath(remote, stack)}`,
    ...(remote?.region !== undefined && { AWS_DEFAULT_REGION: remote.region }),
    ...(remote && keeps("REMOTE", remote)),
    ...(remote?.ca !== undefined && { RESTIC_CACERT: REMOTE_CA_PATH }),
    ...(pointInTime && { BACKUP_WAL_ARCHIVE: WAL_ARCHIVE }),
    // restic holds the index of a repository in memory: it collects garbage before the limit ends it.
    GOMEMLIMIT: `${Math.floor(mebibytes(resources.limits.memory) * MEMORY_OF_RESTIC)}MiB`,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: reader.role,
    ...libpqTls(reader.server, CA_PATH),
  };
}

function secretFiles({
  passwords: [password, ...before],
  reader,
  keys,
  remote,
}: BackupScheduleArgs): readonly SecretFile[] {
  return [
    { path: "/run/secrets/backup-password", content: password },
    // A repository that has one of these takes the current one with the next command.
    ...before
      .slice(0, 1)
      .map((newest) => valuesFile("/run/secrets/backup-passwords-before", [newest, ...before.slice(1)])),
    { path: "/run/secrets/database-password", content: reader.password },
    { path: "/run/secrets/key-fingerprints.json", content: fingerprints(keys) },
    ...(remote === undefined ? [] : [{ path: "/run/secrets/s3-credentials", content: s3Credentials(remote.keys) }]),
  ];
}
