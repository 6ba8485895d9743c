import type { ComponentResource } from "@pulumi/pulumi";
import type { Inventory } from "../model/inventory.js";
import type { Route } from "../model/routes.js";
import type { AnyWorkloadSpec, Job, JobSpec, Volume, VolumeSpec, Workload } from "../model/workload.js";

/** The component that owns what a verb registers. */
export interface VerbOptions {
  readonly parent: ComponentResource;
}

/** What the way in needs to know. */
export interface IngressSpec {
  readonly routes: readonly Route[];
  /** Port of the host for `public` routes. `@default -` the platform's own way in */
  readonly port?: number | undefined;
  /** Whether the port listens on every address or on the loopback only. */
  readonly bind: "public" | "loopback";
  /** Loopback port of the host for `team` routes; the same as `port` when that is on the loopback. */
  readonly teamPort?: number | undefined;
}

/** The way in, once registered. */
export interface Ingress {
  /** The URL under which a route answers on this platform. */
  url(route: Route): string;
  /** The proxy, where the platform runs its own. */
  readonly workloads: readonly Workload[];
}

/** What a place must be able to do for the services to run on it. One verb a primitive. */
export interface Platform {
  workload(name: string, spec: AnyWorkloadSpec, options: VerbOptions): Workload;
  job(name: string, spec: JobSpec, options: VerbOptions): Job;
  volume(name: string, spec: VolumeSpec, options: VerbOptions): Volume;
  ingress(name: string, spec: IngressSpec, options: VerbOptions): Ingress;
  /** Everything registered so far, as plain data. */
  inventory(): Inventory;
}
