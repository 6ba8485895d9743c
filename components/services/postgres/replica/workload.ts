import { readFileSync } from "node:fs";
import type { Output } from "@pulumi/pulumi";
import type { Mount } from "../../../model/volume.ts";
import type { Ready, WorkloadSpec } from "../../../model/workload.ts";
import { databaseAccess, type DatabaseServer } from "../database.ts";
import { SLOT } from "./names.ts";

export interface ReplicaWorkloadArgs {
  /** The primary's own spec: the same image, limits, parameters and hardening. */
  readonly primary: WorkloadSpec<"data">;
  readonly server: DatabaseServer;
  readonly login: { readonly role: string; readonly password: Output<string> };
  readonly data: Mount;
  /** The server's directory in that volume. */
  readonly pgdata: string;
  readonly dependsOn: readonly Ready[];
}

const SCRIPT = "/opt/postgres-replica/replica.sh";
const PASSWORD_FILE = "/run/secrets/replicator-password";

/** A first copy takes as long as the data is large. */
const SEED_TIMEOUT = "24h";

/** Follows the primary, and answers those who read. Its parameters must be the primary's: a standby with less of some stops. */
export function replicaWorkload({
  primary,
  server,
  login,
  data,
  pgdata,
  dependsOn,
}: ReplicaWorkloadArgs): WorkloadSpec<"data"> {
  const { files: _files, secretFiles: _secrets, mounts: _mounts, env: _env, ...shared } = primary;
  return {
    ...shared,
    entrypoint: ["bash", SCRIPT],
    env: {
      PGDATA: pgdata,
      REPLICA_VOLUME: data.path,
      REPLICA_SLOT: SLOT,
      REPLICA_PASSWORD_FILE: PASSWORD_FILE,
      REPLICA_PRIMARY: `host=${server.host} port=${server.port} user=${login.role} sslmode=${server.sslMode} application_name=${SLOT}`,
    },
    files: [
      {
        path: SCRIPT,
        content: readFileSync(new URL("../scripts/replica.sh", import.meta.url), "utf8"),
        executable: true,
      },
    ],
    secretFiles: [{ path: PASSWORD_FILE, content: login.password }],
    mounts: [data],
    probe: {
      kind: "exec",
      // No server answers while the first copy is made, which is no failure.
      command: ["bash", SCRIPT, "probe"],
      recovering: 1,
      interval: "2s",
      startPeriod: SEED_TIMEOUT,
    },
    readyTimeout: SEED_TIMEOUT,
    ...databaseAccess({ server }),
    // What was copied is served without it.
    worksWithout: server.endpoint === undefined ? [] : [server.endpoint.workload],
    dependsOn,
  };
}
