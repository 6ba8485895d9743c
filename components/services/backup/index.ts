import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Bytes } from "../../model/units.ts";
import type { Resources } from "../../model/workload.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { type DatabaseRequest, PASSWORD_REACHES } from "../postgres/roles.ts";
import type { postgres } from "../postgres/settings.ts";
import type { Service } from "../service.ts";
import { pointInTimeRules } from "./point-in-time-rules.ts";
import { backupRules } from "./rules.ts";
import { backup as settings } from "./settings.ts";

/** Reads everything for backups. */
export const READER = "backup";
/** A transaction that holds the snapshot, the dump and the checksums. */
const READER_CONNECTIONS = 5;

/** The programs that a backup runs, out of their image. */
export const TOOLS_SIZE: Bytes = "64Mi";
/** A text file of figures. */
export const METRICS_SIZE: Bytes = "1Mi";
/** What serves that file. */
export const METRICS_RESOURCES: Resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

type Own = Slice<{ backup: typeof settings }>;

export const backup = {
  name: "backup",
  title: "Backup",
  purpose:
    "Takes an encrypted set of all databases and files each night. A drill restores one each week and compares it.",
  guides: ["backups.md", "disasters.md"],
  settings: { backup: settings },
  images: {
    restic: {
      registry: HUB,
      repository: "restic/restic",
      tag: "0.18.0",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/restic/restic/blob/v0.18.0/docker/Dockerfile", {
        platforms: "https://github.com/restic/restic/blob/v0.18.0/helpers/prepare-release/main.go",
      }),
      uid: 65534,
      gid: 65534,
    },
  },
  light: { backup: { resources: { limits: { memory: "224Mi" } } } },
  rotated: {
    "backup-password": {
      reaches: "the next backup gives each repository the new one; restic removes the old only after that",
      restarts: "the backup's container",
      allStay: "a rotation that was interrupted left an older one in force",
    },
    "postgres-provision-backup": { reaches: PASSWORD_REACHES, restarts: "the backup's container" },
  },
  givenSecrets: {
    backupAccessKeyId: "Key id of the object storage of backup.remote or postgres.operator.backup",
    backupSecretAccessKey: "Key of the object storage of backup.remote or postgres.operator.backup",
  },
  rules: [...backupRules, ...pointInTimeRules],
  outsideServers: ({ backup: { remote } }: Own) => [{ setting: "backup.remote.endpoint", at: remote?.endpoint }],
  sizes: ({
    backup: { enabled, resources, storage },
    prometheus,
  }: Own & { readonly prometheus: { readonly enabled: boolean } }): readonly Size[] => {
    if (enabled !== true) return [];
    const volumes = { backups: storage, "backup-tools": TOOLS_SIZE };
    const figures = { "backup-metrics": METRICS_SIZE };
    return prometheus.enabled
      ? [
          { workload: "backup", resources, volumes },
          { workload: "backup-metrics", resources: METRICS_RESOURCES, volumes: figures },
        ]
      : [{ workload: "backup", resources, volumes: { ...volumes, ...figures } }];
  },
  // A managed server's administrator may not give away the right to read everything.
  roles: ({
    backup: { enabled, pointInTime },
    postgres: { mode },
  }: Own & Slice<{ postgres: typeof postgres }>): readonly DatabaseRequest[] =>
    enabled === true && mode !== "external"
      ? [
          {
            role: READER,
            databases: [],
            connectionLimit: READER_CONNECTIONS,
            memberOf: ["pg_read_all_data"],
            readsEverything: true,
            replicates: pointInTime.enabled,
            endsSegments: pointInTime.enabled,
          },
        ]
      : [],
} as const satisfies Service;
