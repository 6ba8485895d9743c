import { readFileSync } from "node:fs";
import type { Image } from "../../model/images.ts";
import { majorVersion } from "../../model/postgres-version.ts";
import { valuesFile, type SecretValues } from "../kit/secrets.ts";
import type { Mount } from "../../model/volume.ts";
import type { ConfigFile, JobSpec, Resources } from "../../model/workload.ts";

export interface PostgresUpgradeArgs {
  /** The image of the new major: its tools dump the old server. */
  readonly image: Image;
  /** The major whose server runs until the job is done. */
  readonly from: string;
  /** The old server's host. */
  readonly host: string;
  readonly administrator: string;
  /** The administrator's; whichever is in force lets the job in. */
  readonly passwords: SecretValues;
  /** The new major's volume. */
  readonly data: Mount;
  /** The directory of the new server in that volume. */
  readonly pgdata: string;
  readonly resources: Resources;
}

const SCRIPTS = "/opt/postgres-upgrade";

/** Loading takes as long as the data is large. */
export const UPGRADE_TIMEOUT = "24h";

/** Whether nobody but a superuser may connect to the old server any more. */
export const CLOSED_SQL = "SELECT bool_and(datconnlimit = 0) FROM pg_database WHERE datallowconn";

/**
 * Fills the new major's volume from the old server, while that runs, and
 * compares both. It runs before the server's container is replaced, so a
 * failure leaves the old one running; run again, it starts again or, when all
 * is done, ends at once.
 */
export function upgradeJob({
  image,
  from,
  host,
  administrator,
  passwords,
  data,
  pgdata,
  resources,
}: PostgresUpgradeArgs): JobSpec {
  return {
    image,
    entrypoint: ["bash"],
    args: [`${SCRIPTS}/upgrade.sh`],
    env: {
      PGHOST: host,
      PGUSER: administrator,
      PGDATA: pgdata,
      UPGRADE_FROM: from,
      UPGRADE_TO: majorVersion(image),
      UPGRADE_VOLUME: data.path,
      UPGRADE_CLOSED: CLOSED_SQL,
    },
    files: [script("facts.sh", "../backup/scripts/facts.sh"), script("upgrade.sh", "scripts/upgrade.sh")],
    secretFiles: [valuesFile("/run/secrets/administrator-passwords", passwords)],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid, entrypointStepsDown: true },
    zone: "data",
    timeout: UPGRADE_TIMEOUT,
  };
}

function script(name: string, source: string): ConfigFile {
  return { path: `${SCRIPTS}/${name}`, content: readFileSync(new URL(source, import.meta.url), "utf8") };
}
