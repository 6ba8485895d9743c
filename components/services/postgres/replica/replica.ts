import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { dataPath, majorVersion } from "../../../model/postgres-version.ts";
import type { Image } from "../../../model/images.ts";
import type { Bytes } from "../../../model/units.ts";
import type { WorkloadSpec } from "../../../model/workload.ts";
import type { Platform } from "../../../platform/platform.ts";
import { shownWorkload } from "../../kit/shown.ts";
import type { Database, DatabaseServer, ServerLogin } from "../database.ts";
import type { DatabaseAdmin } from "../psql-job.ts";
import { replicaVolume } from "./names.ts";
import { keptLog, slotJob } from "./slot-job.ts";
import { replicaWorkload } from "./workload.ts";

const COPIED = { leftOut: "it is a copy of the primary's data" };
const OLD_COPY = { never: "it is an old copy of the primary's data, of which a new replica makes a new one" };

export interface PostgresReplicaArgs {
  readonly platform: Platform;
  readonly image: Image;
  readonly primary: WorkloadSpec<"data">;
  readonly admin: DatabaseAdmin;
  /** Who copies the primary's data. */
  readonly login: ServerLogin;
  readonly storage: Bytes;
  /** @default - a part of `storage` */
  readonly keptLog?: Bytes | undefined;
  /** The server's directory, in the replica's volume as in the primary's. */
  readonly pgdata: string;
  /** The older major whose volume stays. @default - there is none */
  readonly upgradeFrom?: number | undefined;
}

/** A server that follows the primary. */
export class PostgresReplica extends ComponentResource {
  readonly server: DatabaseServer;

  constructor(name: string, args: PostgresReplicaArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:PostgresReplica", name, {}, opts);
    const { platform, image, primary, admin, login, storage, pgdata, upgradeFrom } = args;
    const { server } = login;
    const volumeOf = (major: string) =>
      platform.volume(
        replicaVolume(major),
        { size: storage, retention: "data", backup: COPIED, ifForgotten: OLD_COPY },
        { parent: this },
      );
    if (upgradeFrom !== undefined) volumeOf(String(upgradeFrom));
    const kept = keptLog(args.keptLog, storage);
    const slot = platform.job(`${name}-slot`, slotJob({ image, server, admin, kept, dependsOn: [login.ready] }), {
      parent: this,
    });
    const major = majorVersion(image);
    const workload = platform.workload(
      name,
      replicaWorkload({
        primary,
        server,
        login,
        data: { volume: volumeOf(major), path: dataPath(major) },
        pgdata,
        dependsOn: [slot.succeeded],
      }),
      { parent: this },
    );
    const endpoint = workload.endpoint("postgres");
    this.server = { host: endpoint.host, port: endpoint.port, sslMode: server.sslMode, endpoint };
    this.registerOutputs(shownWorkload(workload));
  }
}

/** Databases whose consumers are told of a replica too. */
export function readFrom(
  databases: ReadonlyMap<string, Database>,
  replica: DatabaseServer,
): ReadonlyMap<string, Database> {
  return new Map([...databases].map(([name, database]) => [name, { ...database, replica }]));
}
