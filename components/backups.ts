import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import { ModelError } from "./model/errors.js";
import { qualifiedName } from "./model/identity.js";
import type { SecretKey } from "./config/schema.js";
import type { StackDatabases } from "./databases.js";
import type { App } from "./services/app.js";
import type { BackupMetrics } from "./services/backup-metrics.js";
import { Backup } from "./services/backup.js";
import type { Grafana } from "./services/grafana.js";
import type { Kratos } from "./services/kratos.js";
import { KRATOS_SCHEMA_VERSION } from "./services/kratos-config.js";
import { LIVE_ENTRIES, type Prometheus } from "./services/prometheus.js";
import type { ServiceArgs } from "./services/service-args.js";
import { TEMPORAL_SCHEMA_VERSION } from "./services/temporal-config.js";

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

/** Which secret setting gives a stack each key that data is encrypted with. */
export const DATA_KEYS = { "apprun-encryption-key": "encryptionKey", "kratos-cipher": "kratosCipher" } as const satisfies Readonly<Record<string, SecretKey>>;
export type DataKeys = Readonly<Record<keyof typeof DATA_KEYS, Output<string>>>;

/** Everything of a stack that cannot be made anew: databases, volumes, and which keys they need. */
export function createBackup(settings: Settings, shared: Omit<ServiceArgs, "resources">, sources: BackupSources, parent: ComponentResource): Backup {
  const { databases, reader, administrator } = sources.databases;
  const { identity, temporal, backup } = settings;
  const used = Object.values(databases).filter(({ role }) => temporal.enabled || role !== "temporal");
  const named = <T>(name: string, made: T | undefined) => (made === undefined ? [] : [{ name, made }]);
  return new Backup(
    "backup",
    {
      ...shared,
      ...backup,
      stack: qualifiedName(identity),
      reader,
      administrator,
      databases: used.map(({ name }) => name).sort(),
      schemaVersions: [
        { name: "kratos", database: databases.kratos.name, sql: KRATOS_SCHEMA_VERSION },
        ...(temporal.enabled
          ? [databases.temporal, databases.temporalVisibility].map(({ name }) => ({ name, database: name, sql: TEMPORAL_SCHEMA_VERSION }))
          : []),
      ],
      trees: [
        { name: "apprun-storage", volume: sources.app.storage },
        ...named("grafana", sources.grafana).map(({ name, made }) => ({ name, volume: made.data })),
        ...named("prometheus", sources.prometheus).map(({ name, made }) => ({ name, volume: made.data, except: LIVE_ENTRIES })),
      ],
      keys: sources.keys,
      configuration: { apprun: sources.app.configuration, kratos: sources.kratos.configuration },
      images: Object.fromEntries(shared.platform.inventory().workloads.map(({ name, reference }) => [name, reference])),
      metrics: sources.metrics.volume,
      remote: remoteOf(settings),
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
