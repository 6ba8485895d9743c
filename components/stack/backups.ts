import type { ComponentResource, Output } from "@pulumi/pulumi";
import { ModelError } from "../model/errors.ts";
import { qualifiedName } from "../model/identity.ts";
import type { Volume } from "../model/volume.ts";
import { Backup } from "../services/backup/backup.ts";
import type { BackupTree } from "../services/backup/files.ts";
import type { BackupMetrics } from "../services/backup/metrics.ts";
import { gather, type Made } from "../services/kit/made.ts";
import type { StackDatabases } from "./databases.ts";
import { schemaVersions } from "./schema-versions.ts";
import type { SecretKey } from "./schema.ts";
import type { Settings } from "./settings.ts";
import type { Shared } from "./shared.ts";

/** Where a stack's data is. */
export interface BackupSources {
  readonly databases: StackDatabases;
  readonly metrics: BackupMetrics;
  readonly made: readonly Made[];
}

/** Everything of a stack that cannot be made from scratch: databases, volumes, and which keys they need. */
export function createBackup(
  settings: Settings,
  shared: Shared,
  { databases, metrics, made }: BackupSources,
  parent: ComponentResource,
): Backup {
  const { identity, backup } = settings;
  const { reader, administrator, walArchive } = databases;
  return new Backup(
    "backup",
    {
      ...shared,
      ...backup,
      stack: qualifiedName(identity),
      reader,
      administrator,
      databases: databases.used,
      schemaVersions: schemaVersions(settings),
      trees: shared.platform.volumes().flatMap(treeOf),
      keys: gather(made, "dataKeys"),
      configuration: gather(made, "configuration"),
      images: Object.fromEntries(shared.platform.inventory().workloads.map(({ name, reference }) => [name, reference])),
      metrics: metrics.volume,
      remote: remoteOf(settings),
      pointInTime: walArchive && { archive: walArchive, upload: backup.pointInTime.upload },
    },
    { parent },
  );
}

/** A volume that says that its files are backed up. */
function treeOf(volume: Volume): readonly BackupTree[] {
  const { name, spec } = volume;
  return spec.retention === "data" && "files" in spec.backup ? [{ name, volume, ...spec.backup.files }] : [];
}

function remoteOf({ backup: { remote }, secrets }: Settings) {
  if (remote === undefined) return undefined;
  const given = (key: SecretKey): Output<string> => {
    const value = secrets[key];
    if (value === undefined)
      throw new ModelError({
        got: `apprun:${key}: missing`,
        allowed: "a secret with backup.remote",
        fix: `run: pulumi config set --secret apprun:${key}`,
      });
    return value;
  };
  return {
    ...remote,
    keys: { accessKeyId: given("backupAccessKeyId"), secretAccessKey: given("backupSecretAccessKey") },
  };
}
