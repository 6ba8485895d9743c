import type { Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../../model/images.ts";
import type { Probe } from "../../model/probe.ts";
import type { Mount } from "../../model/volume.ts";
import type { Ready, WorkloadSpec } from "../../model/workload.ts";
import { linked } from "../kit/link.ts";
import { databaseAccess, directly, replicaAccess, trustFiles } from "../postgres/database.ts";
import type { AppArgs } from "./args.ts";
import { CONFIG_PATH } from "./config-path.ts";
import { appObservability, plainObservability } from "./observability.ts";
import { sampleSpec } from "./sample.ts";
import { appTold } from "./told.ts";

export interface AppWorkloadArgs extends Omit<
  AppArgs,
  "platform" | "image" | "protectData" | "rotation" | "storage" | "bucket" | "encryptionKey"
> {
  readonly image: Image;
  readonly jwtSecret: Output<string>;
  readonly encryptionKey: Output<string>;
  /** @default - files lie in a bucket */
  readonly storage?: Mount | undefined;
  /** What must be done besides what its links wait for. */
  readonly dependsOn: readonly Ready[];
}

export function appWorkload(args: AppWorkloadArgs): WorkloadSpec<"app"> {
  const { database, storage, image } = args;
  const links = linked(args.links);
  const told = appTold(args);
  const reads = replicaAccess(database);
  const connectsTo = [...databaseAccess(database).connectsTo, ...reads, ...links.connectsTo];
  const sample = args.sample && sampleSpec(args.sample, connectsTo);
  return {
    tier: "app",
    zone: "backend",
    image,
    ...(args.command && { args: args.command }),
    ...told,
    ...sample,
    env: { ...told.env, ...sample?.env },
    files: [
      ...(sample?.files ?? []),
      { path: CONFIG_PATH, content: stringify(args.config, { sortMapEntries: true }) },
      ...args.files,
      ...trustFiles(directly(database).server),
      ...links.files,
    ],
    mounts: storage === undefined ? [] : [storage],
    resources: args.resources,
    runAs: { uid: image.uid, gid: image.gid },
    replicas: args.replicas,
    autoscaling: args.autoscaling,
    ports: { http: { port: args.port, exposure: "proxied" } },
    probe: probe(args),
    readyTimeout: args.readyTimeout,
    ...watched(args),
    connectsTo,
    ...(reads.length > 0 && { worksWithout: reads.map(({ workload }) => workload) }),
    // Object storage and webhooks are outside.
    egress: true,
    dependsOn: [...args.dependsOn, database.ready, ...links.dependsOn],
  };
}

function probe({ probeCommand, paths: { health = "/", ready } }: AppWorkloadArgs): Probe {
  const interval = "2s";
  return probeCommand === undefined
    ? { kind: "http", port: "http", path: health, readyPath: ready, interval }
    : { kind: "exec", command: probeCommand, interval };
}

/** Without metrics nothing is declared about them: an alert without data would stay silent or never end. */
function watched({
  paths: { metrics },
  contractMetrics,
  objectives,
}: AppWorkloadArgs): Pick<WorkloadSpec<"app">, "metrics" | "observability"> {
  if (metrics === undefined) return {};
  return {
    metrics: { port: "http", path: metrics },
    observability: contractMetrics ? appObservability(objectives) : plainObservability(),
  };
}
