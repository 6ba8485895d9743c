import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import { mebibytes, type Bytes } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Endpoint, Ready, Resources, WorkloadSpec } from "../../model/workload.ts";
import { generatedSecret } from "../kit/secrets.ts";
import { goMemory } from "../kit/go-memory.ts";
import type { Made } from "../kit/made.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

/** The only user of the server. */
export const NATS_USER = "apprun";

export interface NatsArgs extends ServiceArgs<"nats"> {
  readonly storage: Bytes;
}

/** NATS with JetStream: events that are kept until they are read. */
export class Nats extends ComponentResource implements Made {
  readonly logins: NonNullable<Made["logins"]>;

  readonly endpoint: Endpoint;
  /** Figures of the server, for everyone who may connect. */
  readonly monitoring: Endpoint;
  /** Password of `NATS_USER`. */
  readonly password: Output<string>;
  /** `nats://…`, secret because it holds the password. */
  readonly url: Output<string>;
  readonly ready: Ready;

  constructor(name: string, args: NatsArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Nats", name, {}, opts);
    this.password = generatedSecret(`${name}-password`, {
      protect: args.protectData,
      rotation: args.rotation,
      parent: this,
    });
    const volume = args.platform.volume(
      name,
      { size: args.storage, retention: "data", backup: LEFT_OUT },
      { parent: this },
    );
    const spec = natsWorkload({
      ...args,
      image: args.image("nats"),
      password: this.password,
      data: { volume, path: DATA_PATH },
    });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.endpoint = workload.endpoint("nats");
    this.monitoring = workload.endpoint("monitoring");
    this.ready = workload.ready;
    this.url = interpolate`nats://${NATS_USER}:${this.password}@${this.endpoint.address}`;
    this.logins = { nats: { username: NATS_USER, password: this.password } };
    this.registerOutputs(shownWorkload(workload));
  }
}

/**
 * The image has no directory for data. A fresh Docker volume takes owner and
 * mode of the directory that it covers, and this one may be written by every
 * user: so nothing has to start as root.
 */
const DATA_PATH = "/var/tmp";
const LEFT_OUT = {
  leftOut: "streams are on their way to their readers, and a copy of a running server's files is not consistent",
};
const CONFIG_FILE = "/etc/nats/nats.conf";
const AUTH_FILE = "/run/secrets/nats-auth.conf";

/** The part of the volume that streams may fill: their indexes lie beside them. */
const STREAMS_SHARE = 0.9;
/** The part of the memory limit that streams in memory may fill. */
const MEMORY_STREAMS_SHARE = 0.25;
export interface NatsWorkloadArgs {
  readonly image: Image;
  readonly password: Output<string>;
  readonly data: Mount;
  readonly storage: Bytes;
  readonly resources: Resources;
}

export function natsWorkload({ image, password, data, storage, resources }: NatsWorkloadArgs): WorkloadSpec<"data"> {
  const memory = resources.limits.memory;
  return {
    tier: "data",
    zone: "data",
    image,
    entrypoint: ["nats-server"],
    args: ["--config", CONFIG_FILE],
    env: goMemory(resources),
    files: [{ path: CONFIG_FILE, content: natsConfiguration({ directory: data.path, storage, memory }) }],
    secretFiles: [
      {
        path: AUTH_FILE,
        content: interpolate`authorization { users = [ { user: "${NATS_USER}", password: "${password}" } ] }\n`,
      },
    ],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: {
      nats: { port: 4222, exposure: "internal", protocol: "tcp" },
      monitoring: { port: 8222, exposure: "internal" },
    },
    probe: { kind: "http", port: "monitoring", path: "/healthz", interval: "2s" },
  };
}

const MEBIBYTE = 1024 * 1024;

/** The server's configuration, without its users. */
export function natsConfiguration({
  directory,
  storage,
  memory,
}: {
  directory: string;
  storage: Bytes;
  memory: Bytes;
}): string {
  const bytes = (amount: Bytes, share: number) => Math.floor(mebibytes(amount) * share) * MEBIBYTE;
  return [
    "server_name: nats",
    "listen: 0.0.0.0:4222",
    "http: 0.0.0.0:8222",
    "jetstream {",
    `  store_dir: "${directory}"`,
    `  max_file_store: ${bytes(storage, STREAMS_SHARE)}`,
    `  max_memory_store: ${bytes(memory, MEMORY_STREAMS_SHARE)}`,
    "}",
    // Includes are read relative to this file, absolute paths too.
    `include "../..${AUTH_FILE}"`,
    "",
  ].join("\n");
}
