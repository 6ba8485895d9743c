import type { ComponentResource } from "@pulumi/pulumi";
import type { Inventory } from "../model/inventory.js";
import type { PostgresCluster, PostgresClusterSpec } from "../model/postgres-cluster.js";
import type { Audience, Route } from "../model/routes.js";
import type { AnyWorkloadSpec, Endpoint, Job, JobSpec, Volume, VolumeSpec, Workload } from "../model/workload.js";

/** The component that owns what a verb registers. */
export interface VerbOptions {
  readonly parent: ComponentResource;
}

/** Where the way in listens. */
export interface IngressSpec {
  /** Whether `port` listens on every address or on the loopback only. */
  readonly bind: "public" | "loopback";
  /** HTTP port of the host for `public` routes. */
  readonly port: number;
  /** Loopback port of the host for `team` routes; the same as `port` when that is on the loopback. */
  readonly teamPort: number;
}

/**
 * The way in. It stands before the services, which need their own URLs, and is
 * given its routes after them.
 */
export interface Ingress {
  /** The URL of a page's root on this platform, with a slash at its end. `to` is the port that it leads to. */
  url(host: string, audience: Audience, to: Pick<Endpoint, "port">): string;
  /** The command that opens the way to a page, where its URL alone does not. */
  access(route: Route): string | undefined;
  /** Sends host names to workloads. Called once. */
  route(routes: readonly Route[]): void;
}

/** What a place must be able to do for the services to run on it. One verb a primitive. */
export interface Platform {
  workload(name: string, spec: AnyWorkloadSpec, options: VerbOptions): Workload;
  job(name: string, spec: JobSpec, options: VerbOptions): Job;
  volume(name: string, spec: VolumeSpec, options: VerbOptions): Volume;
  /** @throws ModelError where no operator can run one */
  postgresCluster(name: string, spec: PostgresClusterSpec, options: VerbOptions): PostgresCluster;
  ingress(name: string, spec: IngressSpec, options: VerbOptions): Ingress;
  /** The workloads registered so far. */
  workloads(): readonly Workload[];
  /** Everything registered so far, as plain data. */
  inventory(): Inventory;
}
