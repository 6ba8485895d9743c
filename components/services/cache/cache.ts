import { all, ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import { mebibytes, type Bytes } from "../../model/units.ts";
import type { Mount } from "../../model/volume.ts";
import type { Endpoint, Ready, Resources, WorkloadSpec } from "../../model/workload.ts";
import type { CacheLogin, CacheServer } from "./server.ts";
import { secretValues, type SecretValues } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

/** The user that may ask for figures and nothing else. */
const MONITORING_USER = "monitoring";

/** The two servers that speak the protocol; their tools differ in name only. */
export type CacheEngine = "valkey" | "redis";

export interface CacheArgs extends ServiceArgs<CacheEngine> {
  readonly engine: CacheEngine;
  /** Memory for data. */
  readonly maxMemory: Bytes;
  /** What is dropped when it is full. */
  readonly policy: string;
  readonly storage: Bytes;
  /** Whether a user is made that may ask for figures. */
  readonly monitored: boolean;
}

/** Cache and event store with a password and an append-only file. */
export class Cache extends ComponentResource implements CacheServer {
  readonly host: string;
  readonly port: number;
  readonly tls = false;
  readonly endpoint: Endpoint;
  readonly login: CacheLogin;
  readonly monitoring: CacheLogin | undefined;
  readonly ready: Ready;

  constructor(name: string, args: CacheArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Cache", name, {}, opts);
    const image = args.image(args.engine);
    const passwords = secretValues(`${name}-password`, {
      protect: args.protectData,
      rotation: args.rotation,
      parent: this,
    });
    const monitoringPasswords = args.monitored
      ? secretValues(`${name}-monitoring`, { protect: false, rotation: args.rotation, parent: this })
      : undefined;
    const volume = args.platform.volume(
      name,
      { size: args.storage, retention: "data", backup: LEFT_OUT },
      { parent: this },
    );
    const spec = cacheWorkload({ ...args, image, passwords, monitoringPasswords, data: { volume, path: DATA_PATH } });
    const workload = args.platform.workload(name, spec, { parent: this });
    this.endpoint = workload.endpoint("redis");
    this.host = this.endpoint.host;
    this.port = this.endpoint.port;
    this.login = { password: passwords[0] };
    this.monitoring = monitoringPasswords && { user: MONITORING_USER, password: monitoringPasswords[0] };
    this.ready = workload.ready;
    this.registerOutputs(shownWorkload(workload));
  }
}

const DATA_PATH = "/data";
const LEFT_OUT = { leftOut: "services fill the cache again, and its append-only file survives a restart" };
const PASSWORD_FILE = "/run/secrets/cache-password";
const AUTH_FILE = "/run/secrets/cache-auth.conf";
const CONFIG_FILE = "/etc/cache/cache.conf";

export interface CacheWorkloadArgs {
  readonly engine: CacheEngine;
  readonly image: Image;
  /** The current one, and those that consumers may still use. */
  readonly passwords: SecretValues;
  /** @default - no user for monitoring */
  readonly monitoringPasswords?: SecretValues | undefined;
  readonly data: Mount;
  readonly maxMemory: Bytes;
  readonly policy: string;
  readonly resources: Resources;
}

export function cacheWorkload({
  engine,
  image,
  passwords,
  monitoringPasswords,
  data,
  maxMemory,
  policy,
  resources,
}: CacheWorkloadArgs): WorkloadSpec<"data"> {
  return {
    tier: "data",
    zone: "data",
    image,
    args: [`${engine}-server`, CONFIG_FILE],
    files: [{ path: CONFIG_FILE, content: configuration({ maxMemory, policy, directory: data.path }) }],
    secretFiles: [
      { path: AUTH_FILE, content: users(passwords, monitoringPasswords) },
      { path: PASSWORD_FILE, content: passwords[0] },
    ],
    mounts: [data],
    resources,
    runAs: { uid: image.uid, gid: image.gid, entrypointStepsDown: true },
    ports: { redis: { port: 6379, exposure: "internal", protocol: "tcp" } },
    // The tool ends with 0 also when the server refuses it, so the answer is what counts.
    probe: {
      kind: "exec",
      command: ["sh", "-c", `REDISCLI_AUTH="$(cat ${PASSWORD_FILE})" ${engine}-cli ping | grep -q PONG`],
      interval: "2s",
    },
  };
}

/** What the monitoring user may run: figures, no keys, and not the configuration, which holds a password. */
const MONITORING_COMMANDS =
  "-@all +ping +info +client|setname +slowlog|get +slowlog|len +latency|latest +latency|histogram";

/** Every password of a user is valid, so consumers move one after another. */
function users(passwords: SecretValues, monitoringPasswords: SecretValues | undefined): Output<string> {
  const given = (values: SecretValues) =>
    all([...values]).apply((each) => each.map((password) => `>${password}`).join(" "));
  const own =
    passwords.length === 1
      ? interpolate`requirepass ${passwords[0]}\n`
      : interpolate`user default on ${given(passwords)} ~* &* +@all\n`;
  if (monitoringPasswords === undefined) return own;
  return interpolate`${own}user ${MONITORING_USER} on ${given(monitoringPasswords)} resetkeys resetchannels ${MONITORING_COMMANDS}\n`;
}

/** The server's configuration; the password comes from a file of its own. */
export function configuration({
  maxMemory,
  policy,
  directory,
}: {
  maxMemory: Bytes;
  policy: string;
  directory: string;
}): string {
  return [
    "bind * -::*",
    "port 6379",
    "protected-mode yes",
    `dir ${directory}`,
    "appendonly yes",
    "appendfsync everysec",
    `maxmemory ${mebibytes(maxMemory)}mb`,
    `maxmemory-policy ${policy}`,
    `include ${AUTH_FILE}`,
    "",
  ].join("\n");
}
