import { readFileSync } from "node:fs";
import { seconds, type Bytes, type Duration } from "../../model/units.ts";
import type { Volume } from "../../model/volume.ts";
import type { WorkloadSpec } from "../../model/workload.ts";

export interface WalArchiveArgs {
  /** Time after which a segment is archived that is not full. */
  readonly archiveTimeout: Duration;
  /** Planned size of the archive. */
  readonly storage: Bytes;
  /** The one role that may take base backups over the network. */
  readonly role: string;
}

/** Where the archive is, in the server's container and in those that read it. */
export const WAL_ARCHIVE = "/wal-archive";

const FILES = "/etc/wal-archive";

/** The server's spec, with every segment of its write-ahead log put into the volume. */
export function archived(
  { args = [], files = [], mounts = [], ...spec }: WorkloadSpec<"data">,
  { volume, archiveTimeout }: Pick<WalArchiveArgs, "archiveTimeout"> & { readonly volume: Volume },
): WorkloadSpec<"data"> {
  const parameters = {
    archive_mode: "on",
    archive_timeout: `${seconds(archiveTimeout)}s`,
    archive_command: `sh ${FILES}/archive-wal.sh %p %f ${WAL_ARCHIVE}`,
  };
  return {
    ...spec,
    // The image's entrypoint gives the server's user its data only, and a fresh volume belongs to root.
    entrypoint: ["sh", "-c", `chown -R postgres:postgres ${WAL_ARCHIVE} && exec docker-entrypoint.sh "$@"`, "sh"],
    args: [...args, ...Object.entries(parameters).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    files: [
      ...files,
      {
        path: `${FILES}/archive-wal.sh`,
        content: readFileSync(new URL("scripts/archive-wal.sh", import.meta.url), "utf8"),
      },
    ],
    mounts: [...mounts, { volume, path: WAL_ARCHIVE }],
  };
}
