import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { ModelError } from "../model/errors.ts";
import { qualifiedName } from "../model/identity.ts";
import type { DataKeyName, ImageName } from "../services/catalogue.ts";
import type { SecretKey } from "./schema.ts";
import type { StackDatabases } from "./databases.ts";
import { schemaVersions } from "./schema-versions.ts";
import type { App } from "../services/app/app.ts";
import type { BackupMetrics } from "../services/backup/metrics.ts";
import { Backup } from "../services/backup/backup.ts";
import type { Grafana } from "../services/grafana/grafana.ts";
import type { Kratos } from "../services/kratos/kratos.ts";
import { LIVE_ENTRIES, type Prometheus } from "../services/prometheus/prometheus.ts";
import type { Shared } from "./shared.ts";

/** Where a stack's data lies. */
export interface BackupSources {
  readonly databases: StackDatabases;
  readonly app: App;
  readonly kratos: Kratos;
  readonly grafana: Grafana | undefined;
  readonly prometheus: Prometheus | undefined;
  readonly metrics: BackupMetrics;
  readonly keys: DataKeys;
}

/** The current value of each key that data is encrypted with. */
export type DataKeys = Readonly<Record<DataKeyName, Output<string>>>;

/** Everything of a stack that cannot be made anew: databases, volumes, and which keys they need. */
export function createBackup(settings: Settings, shared: Shared, sources: BackupSources, parent: ComponentResource): Backup {
  const { databases, reader, administrator, walArchive } = sources.databases;
  const { identity, temporal, backup } = settings;
  const used = Object.values(databases).filter(({ role }) => temporal.enabled || role !== "temporal");
  const named = <T>(name: string, made: T | undefined) => (made === undefined ? [] : [{ name, made }]);
  const gid = (image: ImageName) => shared.image(image).gid;
  return new Backup(
    "backup",
    {
      ...shared,
      ...backup,
      stack: qualifiedName(identity),
      reader,
      administrator,
      databases: used.map(({ name }) => name).sort(),
      schemaVersions: schemaVersions(settings),
      trees: [
        ...named("apprun-storage", sources.app.storage).map(({ name, made }) => ({ name, volume: made, gid: gid("apprun") })),
        ...named("grafana", sources.grafana).map(({ name, made }) => ({ name, volume: made.data, gid: gid("grafana") })),
        ...named("prometheus", sources.prometheus).map(({ name, made }) => ({ name, volume: made.data, gid: gid("prometheus"), except: LIVE_ENTRIES })),
      ],
      keys: { "apprun-encryption-key": [sources.keys["apprun-encryption-key"]], "kratos-cipher": sources.kratos.ciphers },
      configuration: { apprun: sources.app.configuration, kratos: sources.kratos.configuration },
      images: Object.fromEntries(shared.platform.inventory().workloads.map(({ name, reference }) => [name, reference])),
      metrics: sources.metrics.volume,
      remote: remoteOf(settings),
      pointInTime: walArchive && { archive: walArchive, upload: backup.pointInTime.upload },
    },
    { parent },
  );
}

function remoteOf({ backup: { remote }, secrets }: Settings) {
  if (remote === undefined) return undefined;
  const given = (key: SecretKey): Output<string> => {
    const value = secrets[key];
    if (value === undefined)
      throw new ModelError({ got: `apprun:${key}: missing`, allowed: "a secret with backup.remote", fix: `run: pulumi config set --secret apprun:${key}` });
    return value;
  };
  return { ...remote, keys: { accessKeyId: given("backupAccessKeyId"), secretAccessKey: given("backupSecretAccessKey") } };
}
