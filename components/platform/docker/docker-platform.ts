import * as docker from "@pulumi/docker";
import { all, type ComponentResource, type CustomResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import { identityLabels, physicalName, type StackIdentity } from "../../model/identity.ts";
import type { DockerAddress } from "../../model/docker-address.ts";
import { ModelError } from "../../model/errors.ts";
import { listensText } from "../../model/firewall.ts";
import type { Image } from "../../model/images.ts";
import type { Inventory, InventoryWorkload } from "../../model/inventory.ts";
import type { PostgresCluster } from "../../model/postgres-cluster.ts";
import type { RegistryLogin } from "../../model/registry-login.ts";
import type { Tier } from "../../model/ports.ts";
import type { Volume, VolumeSpec } from "../../model/volume.ts";
import {
  JOB_TIMEOUT,
  type AnyWorkloadSpec,
  type ContainerSpec,
  type Job,
  type JobSpec,
  type Schedule,
  type ScheduleSpec,
  type Workload,
  type WorkloadSpec,
} from "../../model/workload.ts";
import { INTERNAL_ZONES, ZONES, type Zone } from "../../model/zones.ts";
import { workloadHandle } from "../handles.ts";
import { jobInventory, scheduleInventory, volumeInventory, workloadInventory } from "../inventory.ts";
import type { Ingress, IngressSpec, Platform, PlatformFacts, VerbOptions } from "../platform.ts";
import { jobContainerArgs, workloadContainerArgs } from "./container-args.ts";
import type { DockerContext, LogCollector } from "./context.ts";
import { dockerIngress } from "./ingress.ts";
import { succeeded } from "./job-gate.ts";
import { refuseClusterAccess } from "./no-cluster.ts";
import { hostAddresses, listensOnIpv6 } from "./ports.ts";
import { labelList, volumeLabels } from "./labels.ts";
import { registryAuth } from "./registry-auth.ts";
import { checkReplicas, replicaNames } from "./replicas.ts";
import { schedulerWorkload } from "./scheduler.ts";
import { providerArgs } from "./which-docker.ts";

export interface DockerPlatformArgs {
  readonly identity: StackIdentity;
  /** Where the Docker Engine is. */
  readonly docker: DockerAddress;
  /** Whether data volumes refuse to be deleted. */
  readonly protectData: boolean;
  /** Who pulls images. @default - nobody logs in */
  readonly logins?: readonly RegistryLogin[];
  /** Where the engine sends lines of containers. @default - nowhere */
  readonly collector?: LogCollector | undefined;
  /** The proxy's image. */
  readonly proxyImage: Image;
  readonly proxyResources: ContainerSpec["resources"];
  readonly parent: ComponentResource;
}

/**
 * Inputs that the provider stores but does not apply to a running container, and
 * the mark of a failed creation. Each must replace the container, and before
 * that delete it, because its name and its host ports are taken.
 */
const REPLACE_ON_CHANGES = ["#initerror", "healthcheck", "tmpfs", "init", "cpuPeriod", "cpuQuota"];

/**
 * The network of what listens on IPv6. It is one of its own, because a network
 * that gets IPv6 is a new one, and every container of it would be too.
 */
const IPV6_NETWORK = "edge-ipv6";

/** Runs a stack on one Docker Engine: a network per trust zone, a container per instance. */
export class DockerPlatform implements Platform {
  readonly facts: PlatformFacts;
  readonly #args: DockerPlatformArgs;
  readonly #provider: docker.Provider;
  readonly #context: DockerContext;
  readonly #networks: Record<Zone, docker.Network>;
  #ipv6Network: docker.Network | undefined;
  readonly #images = new Map<string, docker.RemoteImage>();
  readonly #registered: Workload[] = [];
  readonly #inventory: InventoryWorkload[] = [];
  readonly #volumes: { readonly volume: Volume; readonly id: string }[] = [];

  constructor(args: DockerPlatformArgs) {
    this.#args = args;
    this.facts = { singleHost: true, logs: args.collector && { kind: "engine", hostPort: args.collector.port } };
    this.#provider = new docker.Provider(
      "docker",
      {
        ...providerArgs(args.docker),
        ...(args.logins && args.logins.length > 0 && { registryAuth: registryAuth(args.logins) }),
      },
      { parent: args.parent },
    );
    const networkName = (zone: Zone) => physicalName(args.identity, zone);
    this.#context = {
      identity: args.identity,
      networks: { edge: networkName("edge"), backend: networkName("backend"), data: networkName("data") },
      ipv6Network: physicalName(args.identity, IPV6_NETWORK),
      collector: args.collector,
    };
    const network = (zone: Zone) =>
      this.#network(zone, { name: networkName(zone), internal: INTERNAL_ZONES.has(zone) });
    this.#networks = { edge: network("edge"), backend: network("backend"), data: network("data") };
  }

  workload<T extends Tier>(name: string, typed: WorkloadSpec<T>, { parent }: VerbOptions): Workload<T> {
    const spec = typed as AnyWorkloadSpec;
    checkReplicas(name, spec);
    refuseClusterAccess(name, spec);
    if (listensOnIpv6(spec))
      this.#ipv6Network ??= this.#network(IPV6_NETWORK, {
        name: this.#context.ipv6Network,
        internal: false,
        ipv6: true,
      });
    const names = replicaNames(name, spec.replicas ?? 1);
    const containers = names.map((hostname) =>
      this.#container(hostname, spec, workloadContainerArgs(this.#context, name, hostname, spec), parent),
    );
    this.#inventory.push(
      workloadInventory(name, spec, {
        instances: names.map((instance) => physicalName(this.#args.identity, instance)),
        listens: (port) => hostAddresses(port).map(listensText),
      }),
    );
    // An Output of the first container that carries all of them: who depends on it waits for every instance.
    const resource = all(containers.map(({ urn }) => urn)).apply(() => containers[0] as Resource);
    const workload = workloadHandle(name, typed, { name, kind: "workload", resource }, { replicaHosts: names });
    this.#registered.push(workload);
    return workload;
  }

  job(name: string, spec: JobSpec, { parent }: VerbOptions): Job {
    const customTimeouts = { create: spec.timeout ?? JOB_TIMEOUT };
    const container = this.#container(name, spec, jobContainerArgs(this.#context, name, spec), parent, {
      customTimeouts,
    });
    this.#inventory.push(jobInventory(name, spec, [physicalName(this.#args.identity, name)]));
    return { name, succeeded: { name, kind: "job", resource: succeeded(name, container) } };
  }

  schedule(name: string, spec: ScheduleSpec, { parent }: VerbOptions): Schedule {
    const waiting = schedulerWorkload(spec);
    this.#container(name, waiting, workloadContainerArgs(this.#context, name, name, waiting), parent);
    this.#inventory.push(scheduleInventory(name, spec, [physicalName(this.#args.identity, name)]));
    return { name, spec };
  }

  volume(name: string, spec: VolumeSpec, { parent }: VerbOptions): Volume {
    const id = physicalName(this.#args.identity, name);
    const keep = spec.retention === "data";
    const registered = new docker.Volume(
      name,
      { name: id, labels: labelList(volumeLabels(this.#args.identity, name, spec)) },
      this.#options(parent, { protect: keep && this.#args.protectData, retainOnDelete: keep }),
    );
    const volume = { name, spec, id: registered.name };
    this.#volumes.push({ volume, id });
    return volume;
  }

  postgresCluster(name: string): PostgresCluster {
    throw new ModelError({
      got: `workload "${name}": got a PostgreSQL cluster`,
      allowed: "one server on a Docker host, where nothing could fail over",
      fix: 'set postgres.mode to "container" or "external", or platform to "kubernetes"',
    });
  }

  ingress(name: string, spec: IngressSpec, options: VerbOptions): Ingress {
    return dockerIngress(
      this,
      name,
      spec,
      { image: this.#args.proxyImage, resources: this.#args.proxyResources },
      options,
    );
  }

  volumes(): readonly Volume[] {
    return this.#volumes.map(({ volume }) => volume);
  }

  workloads(): readonly Workload[] {
    return [...this.#registered];
  }

  inventory(): Inventory {
    return {
      workloads: [...this.#inventory],
      volumes: this.#volumes.map(({ volume, id }) => volumeInventory(volume, id)),
    };
  }

  #network(role: string, args: docker.NetworkArgs): docker.Network {
    return new docker.Network(
      `network-${role}`,
      { ...args, driver: "bridge", labels: labelList(identityLabels(this.#args.identity, role, "network")) },
      this.#options(this.#args.parent),
    );
  }

  #container(
    logicalName: string,
    spec: ContainerSpec,
    args: Omit<docker.ContainerArgs, "image">,
    parent: ComponentResource,
    options: CustomResourceOptions = {},
  ): docker.Container {
    return new docker.Container(
      logicalName,
      { ...args, image: this.#image(spec.image).imageId },
      this.#options(parent, {
        ...options,
        deleteBeforeReplace: true,
        replaceOnChanges: REPLACE_ON_CHANGES,
        dependsOn: [
          ...ZONES.map((zone) => this.#networks[zone]),
          ...(this.#ipv6Network === undefined ? [] : [this.#ipv6Network]),
          ...(spec.dependsOn ?? []).map(({ resource }) => resource),
        ] as Input<Resource>[],
      }),
    );
  }

  #image(image: Image): docker.RemoteImage {
    const known = this.#images.get(image.reference);
    if (known !== undefined) return known;
    // Without keepLocally the provider removes the image on replace, also when another stack runs it.
    const registered = new docker.RemoteImage(
      `image-${image.name}`,
      { name: image.reference, keepLocally: true },
      this.#options(this.#args.parent),
    );
    this.#images.set(image.reference, registered);
    return registered;
  }

  /** A child of a service does not inherit this platform's provider: it is passed every time. */
  #options(parent: ComponentResource, options: CustomResourceOptions = {}): CustomResourceOptions {
    return { ...options, parent, provider: this.#provider };
  }
}
