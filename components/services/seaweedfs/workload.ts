import type { Image } from "../../model/images.ts";
import type { Bytes } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Resources, SecretFile, WorkloadSpec } from "../../model/workload.ts";
import { goMemory } from "../kit/go-memory.ts";
import { SEAWEEDFS_DROP, seaweedfsObservability } from "./observability.ts";
import { SLOTS, slotSize } from "./slots.ts";

export const S3_PORT = 8333;
const METRICS_PORT = 9327;
const IDENTITIES_FILE = "/run/secrets/seaweedfs-s3.json";

/** Its own time to stop is 18 s, and more while it writes. */
const STOP_GRACE = "60s";

/**
 * S3's port for other servers of its kind takes new identities from whoever
 * connects, and listens wherever S3 does. With a certificate that cannot be
 * read it completes no connection; nothing here uses it.
 */
const CLOSED = { WEED_GRPC_S3_CERT: "/dev/null", WEED_GRPC_S3_KEY: "/dev/null", WEED_GRPC_CA: "/dev/null" };

export interface SeaweedfsWorkloadArgs {
  readonly image: Image;
  readonly identities: SecretFile["content"];
  readonly data: Mount;
  readonly storage: Bytes;
  readonly resources: Resources;
}

/** All parts in one process. Master, volume server and filer ask for no login, so they listen on the loopback alone. */
export function seaweedfsWorkload({
  image,
  identities,
  data,
  storage,
  resources,
}: SeaweedfsWorkloadArgs): WorkloadSpec<"data"> {
  return {
    tier: "data",
    zone: "data",
    image,
    entrypoint: ["weed"],
    args: [
      "-logtostderr=true",
      "server",
      `-dir=${data.path}`,
      "-ip=127.0.0.1",
      "-ip.bind=127.0.0.1",
      "-master.telemetry=false",
      `-master.volumeSizeLimitMB=${slotSize(storage)}`,
      `-volume.max=${SLOTS}`,
      // There is no other server that would have to hear of it.
      "-volume.preStopSeconds=1",
      "-filer",
      "-s3",
      "-s3.ip.bind=0.0.0.0",
      `-s3.port=${S3_PORT}`,
      `-s3.config=${IDENTITIES_FILE}`,
      // Buckets are made by the set-up, identities by the file.
      "-s3.autoCreateBucket=false",
      "-s3.iam=false",
      "-s3.port.iceberg=0",
      "-s3.port.lance=0",
      "-metricsIp=0.0.0.0",
      `-metricsPort=${METRICS_PORT}`,
    ],
    env: { ...goMemory(resources), ...CLOSED },
    secretFiles: [{ path: IDENTITIES_FILE, content: identities }],
    mounts: [data],
    // Its parts talk to each other through sockets there.
    scratch: ["/tmp"],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: {
      s3: { port: S3_PORT, exposure: "internal" },
      metrics: { port: METRICS_PORT, exposure: "internal" },
    },
    probe: { kind: "http", port: "s3", path: "/healthz", interval: "2s" },
    stopGrace: STOP_GRACE,
    onlyOne: "its volumes are files of one directory, which a second process cannot open",
    metrics: { port: "metrics", path: "/metrics", drop: SEAWEEDFS_DROP },
    observability: seaweedfsObservability({ storage }),
  };
}
