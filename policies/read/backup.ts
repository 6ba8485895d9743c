import type { PolicyResource } from "../policy.ts";
import { containersOf } from "./container.ts";
import { parseImage } from "./image.ts";
import { objectName } from "./replicas.ts";
import { at, text } from "./values.ts";

/** Something that saves a server's databases by schedule. */
export interface BackupView {
  /** Name of the server, as its clients call it. */
  readonly server: string;
  /** Whether its sets also lie on another machine. */
  readonly remote: boolean;
}

/** A server of databases. */
export interface DatabaseView {
  readonly label: string;
  /** As its clients call it. */
  readonly server: string;
}

/** What the backup service is told: the databases, their server, and where the second copy goes. */
const ENV = { databases: "BACKUP_DATABASES", server: "PGHOST", remote: "BACKUP_REMOTE" } as const;

/** Says which server another one is a copy of: what it has is in the backups of that one. */
const FOLLOWS = "REPLICA_PRIMARY";

/** CloudNativePG's kinds and the one of its backup plug-in. */
const CNPG = {
  cluster: "kubernetes:postgresql.cnpg.io/v1:Cluster",
  backup: "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
} as const;
const OBJECT_STORE = "kubernetes:barmancloud.cnpg.io/v1:ObjectStore";

/** Schemes of repositories on another machine. */
const REMOTE = /^(s3|b2|azure|gs|swift|sftp|rest|rclone|https):/;

/** The backup service's own schedule, and the operator's. */
export function backupsOf(resources: readonly PolicyResource[]): readonly BackupView[] {
  const isStoredElsewhere = resources.some(
    ({ type, props }) =>
      type === OBJECT_STORE && REMOTE.test(text(at(props, "spec", "configuration", "destinationPath")) ?? ""),
  );
  const scheduled = resources
    .filter(({ type }) => type === CNPG.backup)
    .map(({ props }) => ({
      server: primaryOf(text(at(props, "spec", "cluster", "name")) ?? ""),
      remote: isStoredElsewhere,
    }));
  return [...resources.flatMap(backupContainers), ...scheduled];
}

/** The operator's Service of a cluster's primary, which its clients call. */
function primaryOf(cluster: string): string {
  return `${cluster}-rw`;
}

function backupContainers(resource: PolicyResource): readonly BackupView[] {
  return containersOf(resource).flatMap(({ env }) => {
    const value = (name: string) => env.find(({ key }) => key === name)?.value ?? "";
    return value(ENV.databases) === "" ? [] : [{ server: value(ENV.server), remote: REMOTE.test(value(ENV.remote)) }];
  });
}

/** Servers of databases, as their image or their kind says; what backs them up runs in the same image. */
export function databasesOf(resources: readonly PolicyResource[]): readonly DatabaseView[] {
  const containers = resources
    .filter((resource) => backupContainers(resource).length === 0)
    .flatMap(containersOf)
    .filter(
      ({ job, service, image, env }) =>
        !job &&
        !env.some(({ key }) => key === FOLLOWS) &&
        (service === "postgres" || /(^|\/)postgres$/.test(parseImage(image ?? "").repository)),
    )
    .map(({ label, service }) => ({ label, server: service }));
  const clusters = resources
    .filter(({ type }) => type === CNPG.cluster)
    .map((resource) => ({ label: `Cluster "${resource.name}"`, server: primaryOf(objectName(resource)) }));
  return [...containers, ...clusters];
}
