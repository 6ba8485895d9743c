import type { ComponentResource } from "@pulumi/pulumi";
import type { Inventory } from "../model/inventory.ts";
import type { LogSource } from "../model/log-source.ts";
import type { PostgresCluster, PostgresClusterSpec } from "../model/postgres-cluster.ts";
import type { Tier } from "../model/ports.ts";
import type { Volume, VolumeSpec } from "../model/volume.ts";
import type { Job, JobSpec, Schedule, ScheduleSpec, Workload, WorkloadSpec } from "../model/workload.ts";
import type { Ingress, IngressSpec } from "./ingress.ts";

export type { Ingress, IngressSpec };

/** The component that owns what a verb registers. */
export interface VerbOptions {
  readonly parent: ComponentResource;
}

/** What the composition of a stack must know about a place; services never do. */
export interface PlatformFacts {
  /** Whether all of the stack runs on one machine, so that one exporter in a container sees its processors, memory and disk. */
  readonly singleHost: boolean;
  /** The stack's namespace in the cluster that runs it. @default - there is no cluster */
  readonly namespace?: string;
  /** Where a collector finds what containers print. @default - the stack collects no logs */
  readonly logs?: LogSource | undefined;
}

/** What a place must be able to do for the services to run on it. One verb a primitive. */
export interface Platform {
  readonly facts: PlatformFacts;
  workload<T extends Tier>(name: string, spec: WorkloadSpec<T>, options: VerbOptions): Workload<T>;
  job(name: string, spec: JobSpec, options: VerbOptions): Job;
  schedule(name: string, spec: ScheduleSpec, options: VerbOptions): Schedule;
  volume(name: string, spec: VolumeSpec, options: VerbOptions): Volume;
  /** @throws ModelError where no operator can run one */
  postgresCluster(name: string, spec: PostgresClusterSpec, options: VerbOptions): PostgresCluster;
  ingress(name: string, spec: IngressSpec, options: VerbOptions): Ingress;
  /** The volumes registered so far. */
  volumes(): readonly Volume[];
  /** The workloads registered so far. */
  workloads(): readonly Workload[];
  /** Everything registered so far, as plain data. */
  inventory(): Inventory;
}
