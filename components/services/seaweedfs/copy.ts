import { readFileSync } from "node:fs";
import type { Image } from "../../model/images.ts";
import { seconds, type Duration } from "../../model/units.ts";
import type { Volume } from "../../model/volume.ts";
import type { Endpoint, Ready, WorkloadSpec } from "../../model/workload.ts";
import type { S3Keys } from "../backup/secrets.ts";
import { goMemory } from "../kit/go-memory.ts";
import { CLIENT_ENV, clientConfig } from "./client.ts";
import { copyObservability } from "./copy-observability.ts";
import { COPY_RESOURCES } from "./index.ts";
import { STATE_BUCKET, WORLD_WRITABLE } from "./places.ts";

const METRICS_PORT = 9326;
const SCRIPT_PATH = "/opt/seaweedfs/copy.sh";
const SCRIPT = readFileSync(new URL("scripts/copy.sh", import.meta.url), "utf8");

/** Of the volume's root: they tell a restored copy from the bucket's own. */
export const TOKENS = ["token", "token.next"];

/** It is ready when a restored copy is in the bucket, and a large one takes its time. */
const READY_TIMEOUT: Duration = "3600s";

export interface CopyWorkloadArgs {
  readonly image: Image;
  readonly s3: Endpoint;
  readonly bucket: string;
  readonly admin: S3Keys;
  readonly volume: Volume;
  readonly every: Duration;
  readonly dependsOn: readonly Ready[];
}

/** Keeps the bucket's objects as files, of which backup sets are taken, and brings restored ones back. */
export function copyWorkload({
  image,
  s3,
  bucket,
  admin,
  volume,
  every,
  dependsOn,
}: CopyWorkloadArgs): WorkloadSpec<"data"> {
  return {
    tier: "data",
    zone: "data",
    image,
    entrypoint: ["sh"],
    args: [SCRIPT_PATH],
    env: {
      ...CLIENT_ENV,
      ...goMemory(COPY_RESOURCES),
      BUCKET: bucket,
      STATE: STATE_BUCKET,
      COPY: WORLD_WRITABLE,
      EVERY: String(seconds(every)),
      PORT: String(METRICS_PORT),
    },
    files: [{ path: SCRIPT_PATH, content: SCRIPT }],
    secretFiles: [clientConfig(s3, { admin })],
    mounts: [{ volume, path: WORLD_WRITABLE }],
    scratch: ["/tmp"],
    resources: COPY_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: { metrics: { port: METRICS_PORT, exposure: "internal" } },
    probe: { kind: "exec", command: ["test", "-e", "/tmp/ready"] },
    readyTimeout: READY_TIMEOUT,
    onlyOne: "two would write to one copy",
    connectsTo: [s3],
    metrics: { port: "metrics", path: "/metrics.txt" },
    observability: copyObservability({ every }),
    dependsOn,
  };
}
