import { readdirSync, readFileSync } from "node:fs";
import type { Volume } from "../../model/volume.ts";
import type { ConfigFile } from "../../model/workload.ts";

/** A volume whose files are backed up. */
export interface BackupTree {
  readonly name: string;
  readonly volume: Volume;
  /** Numeric group of the service that writes it. */
  readonly gid: number;
  /** Entries at its root that are left out, because they cannot be copied while in use and are made again. @default [] */
  readonly except?: readonly string[];
}

/** How to ask a database for the version of its schema. */
export interface SchemaVersion {
  readonly name: string;
  readonly database: string;
  /** One line that yields one value, which `sort -V` can order. */
  readonly sql: string;
}

/** Where the scripts lie in the container. */
export const BACKUP_SCRIPTS = "/opt/backup";

const SCRIPTS = new URL("scripts/", import.meta.url);

export interface BackupFilesArgs {
  readonly trees: readonly BackupTree[];
  readonly schemaVersions: readonly SchemaVersion[];
  readonly images: Readonly<Record<string, string>>;
  /** Configuration files by service, kept in the set for whoever must run it without this program. */
  readonly configuration: Readonly<Record<string, readonly ConfigFile[]>>;
}

/** The scripts and what they are told in files. */
export function backupFiles({ trees, schemaVersions, images, configuration }: BackupFilesArgs): readonly ConfigFile[] {
  return [
    ...readdirSync(SCRIPTS)
      .sort()
      .map((name) => ({ path: `${BACKUP_SCRIPTS}/${name}`, content: readFileSync(new URL(name, SCRIPTS), "utf8") })),
    {
      path: "/etc/backup/images.json",
      content: `${JSON.stringify(Object.fromEntries(Object.entries(images).sort()))}\n`,
    },
    // By name: on a cluster the order of mounts is part of the pod, and another one would update the schedules of stacks that run.
    ...Object.entries(configuration)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([service, files]) =>
        files.map(({ path, content }) => ({ path: `/etc/backup/config/${service}${path}`, content })),
      ),
    {
      path: "/etc/backup/schema-versions.tsv",
      content: rows(schemaVersions.map(({ name, database, sql }) => [name, database, sql])),
    },
    {
      path: "/etc/backup/trees.tsv",
      content: rows(trees.flatMap(({ name, except = [] }) => except.map((entry) => [name, entry]))),
    },
  ];
}

function rows(cells: readonly (readonly string[])[]): string {
  // The Docker provider refuses a file without content.
  return cells.length === 0 ? "\n" : cells.map((row) => `${row.join("\t")}\n`).join("");
}
