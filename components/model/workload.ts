import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { ClusterAccess } from "./cluster-access.ts";
import type { Cron } from "./cron.ts";
import type { Image } from "./images.ts";
import type { Observability } from "./observability.ts";
import type { Exposure, Port, Tier, TierExposure } from "./ports.ts";
import type { Probe } from "./probe.ts";
import type { Bytes, Cpu, Duration } from "./units.ts";
import type { Mount } from "./volume.ts";
import type { Zone } from "./zones.ts";

/** A file with no secret in it. A change restarts exactly its workload. */
export interface ConfigFile {
  /** Absolute path inside the container. */
  readonly path: string;
  readonly content: Input<string>;
  /** Whether the file is run. @default false */
  readonly executable?: boolean;
}

/** A file that holds a secret, readable inside its container only. */
export interface SecretFile {
  /** Absolute path inside the container. */
  readonly path: string;
  readonly content: Output<string>;
}

export interface Resources {
  /** What the workload is promised. */
  readonly requests: { readonly cpu: Cpu; readonly memory: Bytes };
  /** What it may use at most; memory above it ends the container. */
  readonly limits: { readonly cpu: Cpu; readonly memory: Bytes };
}

/** The user a container runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  /**
   * The image's entrypoint starts as root, gives the volume to `uid` and steps
   * down to it. Needed where a fresh named volume belongs to root; Kubernetes
   * does the same with fsGroup and starts as `uid`.
   * @default false
   */
  readonly entrypointStepsDown?: boolean;
  /**
   * Works on the files of other users: for backups of other services' volumes.
   * On a Docker host it runs as root with the capabilities to read, write and
   * give away every file and to become another user, and `uid` and `gid` are the
   * user that it steps down to. On Kubernetes, whose namespace refuses root, it
   * runs as `uid` and reads what `groups` may read.
   * @default false
   */
  readonly administersFiles?: boolean;
  /** Groups that it is in besides `gid`, where it is not root. @default [] */
  readonly groups?: readonly number[];
}

/** A port of a workload as its clients see it. */
export interface Endpoint<T extends Tier = Tier> {
  readonly workload: string;
  /** The workload's tier; a route leads to the app tier only. */
  readonly tier: T;
  readonly portName: string;
  readonly exposure: Exposure;
  /** The name that resolves to the workload. */
  readonly host: string;
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  readonly zone: Zone;
  /** Every zone that the workload is a member of, its own among them. */
  readonly memberOf: readonly Zone[];
  /** One name per replica, for clients that balance by themselves; empty where replicas come and go. */
  readonly replicaHosts: readonly string[];
  /** A name that resolves to the addresses of all replicas, where they come and go. @default - `replicaHosts` has them */
  readonly replicaDns?: string;
}

/** What containers of both kinds, workloads and jobs, have in common. */
export interface ContainerSpec {
  readonly image: Image;
  /** Replaces the image's entrypoint. @default - the image's own */
  readonly entrypoint?: readonly string[];
  /** Replaces the image's command. @default - the image's own */
  readonly args?: readonly string[];
  /** Plain environment; never a secret. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Secrets for images that read them from the environment only. @default {} */
  readonly secretEnv?: Readonly<Record<string, Output<string>>>;
  /** @default [] */
  readonly files?: readonly ConfigFile[];
  /** @default [] */
  readonly secretFiles?: readonly SecretFile[];
  /** @default [] */
  readonly mounts?: readonly Mount[];
  /** Writable paths that are gone with the container. @default [] */
  readonly scratch?: readonly string[];
  readonly resources: Resources;
  readonly runAs: RunAs;
  /**
   * Root file system read-only. A Docker host cannot upload files into such a
   * container, so there it holds only for containers without files.
   * @default false
   */
  readonly readOnlyRoot?: boolean;
  readonly zone: Zone;
  /** The only endpoints that the container may open connections to. @default [] */
  readonly connectsTo?: readonly Endpoint[];
  /** Workloads among those that it works without, so that their alerts say nothing of it. @default [] */
  readonly worksWithout?: readonly string[];
  /** Zones in which it may reach every proxied port: for the proxy, which learns its targets later. @default [] */
  readonly reaches?: readonly Zone[];
  /** Whether it may open connections to the outside (mail, object storage). @default false */
  readonly egress?: boolean;
  /** What it may read of the cluster that runs it; refused where there is none. @default - nothing, and it gets no token */
  readonly clusterAccess?: ClusterAccess;
  /**
   * Where its lines go. `collected`: to the stack's collector of logs, where it
   * has one, and to the runtime. `local`: to the runtime only, for what collects
   * and stores lines, whose own would come back to it.
   * @default "collected"
   */
  readonly logs?: "collected" | "local";
  /** What must be ready or done before it starts. @default [] */
  readonly dependsOn?: readonly Ready[];
}

/** Something that can be waited for: a workload that is ready or a job that succeeded. */
export interface Ready {
  readonly name: string;
  readonly kind: "workload" | "job";
  readonly resource: Input<Resource>;
}

/** Where a workload answers with metrics in Prometheus' text format. */
export interface Metrics {
  /** The name of the port. */
  readonly port: string;
  readonly path: string;
  /** Anchored regular expression of the metrics that are not stored. @default - all are stored */
  readonly drop?: string;
  /** Anchored regular expression of the only metrics that are stored. @default - all but `drop` */
  readonly keep?: string;
}

/** How many replicas there are under load. */
export interface Autoscaling {
  readonly maxReplicas: number;
  /** Average use of the requested CPU, in percent, above which a replica is added. */
  readonly cpuPercent: number;
}

/** A service that runs until it is told to stop. */
export interface WorkloadSpec<T extends Tier = Tier> extends ContainerSpec {
  readonly tier: T;
  /** Ports by name. */
  readonly ports: Readonly<Record<string, Port<TierExposure[T]>>>;
  readonly probe: Probe;
  /** How many run side by side. @default 1 */
  readonly replicas?: number;
  /** Adds replicas under load, from `replicas` on. @default - their number is fixed */
  readonly autoscaling?: Autoscaling | undefined;
  /** Why two must never run side by side, not even during an update. @default - they may */
  readonly onlyOne?: string;
  /** What asks it to stop, in place of SIGTERM. On Kubernetes a shell of its image sends it. @default - SIGTERM */
  readonly stopSignal?: "SIGINT";
  /** Time between the stop signal and the kill. @default "30s" */
  readonly stopGrace?: Duration;
  /** Time in which it must get ready. @default "180s" */
  readonly readyTimeout?: Duration;
  /** Where it answers with Prometheus metrics. @default - it has none */
  readonly metrics?: Metrics;
  /** What its metrics mean: alerts, dashboard. @default - it is watched for being up, restarting and memory only */
  readonly observability?: Observability;
}

/** Time in which a job must end that says nothing else. */
export const JOB_TIMEOUT: Duration = "300s";

/** A task that runs once to its end; a non-zero exit code fails the update. */
export interface JobSpec extends ContainerSpec {
  /** Time in which it must end. @default "300s" */
  readonly timeout?: Duration;
  /**
   * An image with bash, in which a cluster waits until what it connects to takes connections: a new pod's are refused
   * until every node's network policies know its address, and a program of somebody else's may give up with the first.
   * @default - it tries again by itself
   */
  readonly waitsIn?: Image;
}

/**
 * A task that runs at set times, in a container of its own image. A run never
 * overlaps with the one before it. A run that fails shows in the log and in whatever the
 * task itself leaves behind; the schedule goes on.
 */
export interface ScheduleSpec extends Omit<ContainerSpec, "entrypoint" | "args">, Pick<JobSpec, "waitsIn"> {
  /** What runs when, by name. */
  readonly runs: Readonly<Record<string, { readonly cron: Cron; readonly command: readonly string[] }>>;
}

/** A workload of any tier, for code that treats all alike. */
export type AnyWorkloadSpec = WorkloadSpec<"edge"> | WorkloadSpec<"app"> | WorkloadSpec<"data">;

/** A registered workload: what others need to know of it. */
export interface Workload<T extends Tier = Tier> {
  readonly name: string;
  readonly spec: WorkloadSpec<T>;
  readonly ready: Ready;
  /** @throws ModelError when the workload has no port of that name */
  endpoint(portName: string): Endpoint<T>;
}

/** A registered job. */
export interface Job {
  readonly name: string;
  /** Resolves when the job ended with exit code 0. */
  readonly succeeded: Ready;
}

/** A registered schedule. */
export interface Schedule {
  readonly name: string;
  readonly spec: ScheduleSpec;
}
