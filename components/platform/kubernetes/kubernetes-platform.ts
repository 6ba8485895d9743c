import * as k8s from "@pulumi/kubernetes";
import type { ComponentResource, CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { Inventory, InventoryWorkload } from "../../model/inventory.ts";
import type { Tier } from "../../model/ports.ts";
import type { PostgresCluster, PostgresClusterSpec } from "../../model/postgres-cluster.ts";
import type { RegistryLogin } from "../../model/registry-login.ts";
import type { Volume, VolumeSpec } from "../../model/volume.ts";
import type {
  AnyWorkloadSpec,
  ContainerSpec,
  Job,
  JobSpec,
  Schedule,
  ScheduleSpec,
  Workload,
  WorkloadSpec,
} from "../../model/workload.ts";
import { workloadHandle } from "../handles.ts";
import { jobInventory, scheduleInventory, volumeInventory, workloadInventory } from "../inventory.ts";
import { refuseReplicas } from "../only-one.ts";
import type { Ingress, IngressSpec, Platform, PlatformFacts, VerbOptions } from "../platform.ts";
import { accessResources } from "./access.ts";
import { autoscaler, disruptionBudget } from "./availability.ts";
import { clusterResources } from "./cluster-resources.ts";
import { namespaceOf, type ClusterSettings, type KubernetesContext } from "./context.ts";
import { kubernetesIngress } from "./ingress.ts";
import { job, jobSeconds } from "./job.ts";
import { COLLECTED } from "./labels.ts";
import { foundation, type Foundation } from "./foundation.ts";
import { jobPolicy, workloadPolicy } from "./network-policy.ts";
import { PULL_SECRET } from "./pull-secret.ts";
import type { PodSources } from "./pod.ts";
import { podFiles } from "./pod-files.ts";
import { cronJob, cronJobName } from "./schedule.ts";
import { podsService, podsServiceName, service } from "./service.ts";
import { together, volumeClaim } from "./storage.ts";
import { deployment, isReplicated, isStateful, rolloutSeconds, statefulSet } from "./workload.ts";

export interface KubernetesPlatformArgs {
  readonly identity: KubernetesContext["identity"];
  readonly cluster: ClusterSettings;
  /** Path or content of a kubeconfig. `@default -` the provider looks where kubectl looks */
  readonly kubeconfig?: Input<string> | undefined;
  /** `@default -` the kubeconfig's current context */
  readonly context?: string | undefined;
  /** Whether data volumes refuse to be deleted. */
  readonly protectData: boolean;
  /** Who pulls images. @default - nobody logs in */
  readonly logins?: readonly RegistryLogin[];
  readonly parent: ComponentResource;
}

/** Seconds on top of an object's own time-out, so that the cluster's reason is seen and not the engine's. */
const AWAIT_MARGIN = 30;

/** Runs a stack in a namespace of its own on an existing cluster. */
export class KubernetesPlatform implements Platform {
  readonly facts: PlatformFacts;
  readonly #args: KubernetesPlatformArgs;
  readonly #context: KubernetesContext;
  readonly #provider: k8s.Provider;
  readonly #foundation: Foundation;
  readonly #registered: Workload[] = [];
  readonly #inventory: InventoryWorkload[] = [];
  readonly #volumes: Volume[] = [];

  constructor(args: KubernetesPlatformArgs) {
    this.#args = args;
    const { identity, cluster, logins = [] } = args;
    const pullSecret = logins.length > 0 ? PULL_SECRET : undefined;
    this.#context = { identity, namespace: namespaceOf(identity), cluster, pullSecret };
    const { namespace } = this.#context;
    this.facts = { singleHost: false, namespace, logs: { kind: "cluster", namespace, selector: COLLECTED } };
    this.#provider = new k8s.Provider(
      "kubernetes",
      {
        ...(args.kubeconfig !== undefined && { kubeconfig: args.kubeconfig }),
        ...(args.context !== undefined && { context: args.context }),
        // Without it, another address or certificate in the kubeconfig may replace the provider, and with it every object.
        clusterIdentifier: this.#context.namespace,
        // An engine that is killed leaves objects that its state does not know; they are taken over again.
        upsertExistingObjects: true,
      },
      { parent: args.parent },
    );
    this.#foundation = foundation(this.#context, this.#options(args.parent), args.protectData, logins);
  }

  workload<T extends Tier>(name: string, typed: WorkloadSpec<T>, { parent }: VerbOptions): Workload<T> {
    const spec = typed as AnyWorkloadSpec;
    refuseReplicas(name, spec);
    const options = this.#namespaced(parent);
    const policy = new k8s.networking.v1.NetworkPolicy(name, workloadPolicy(this.#context, name, spec), options);
    const listens = Object.keys(spec.ports).length > 0;
    const services = listens ? [new k8s.core.v1.Service(name, service(this.#context, name, spec), options)] : [];
    if (isReplicated(spec)) {
      if (listens)
        services.push(new k8s.core.v1.Service(podsServiceName(name), podsService(this.#context, name, spec), options));
      new k8s.policy.v1.PodDisruptionBudget(name, disruptionBudget(this.#context, name, spec), options);
    }
    const access = spec.clusterAccess && accessResources(this.#context, name, spec.clusterAccess, options);
    const sources = { ...this.#sources(name, spec, options), ...(access && { serviceAccount: access.serviceAccount }) };
    const before = [policy, ...services, ...(access?.resources ?? [])];
    const resource = this.#controller(name, spec, sources, this.#awaiting(options, spec, rolloutSeconds(spec), before));
    if (spec.autoscaling !== undefined)
      new k8s.autoscaling.v2.HorizontalPodAutoscaler(name, autoscaler(this.#context, name, spec, spec.autoscaling), {
        ...options,
        dependsOn: [resource],
      });
    const controller = isStateful(spec) ? "statefulset" : "deployment";
    this.#inventory.push(
      workloadInventory(name, spec, { instances: [`${controller}/${name}`], together: together(this.#context, spec) }),
    );
    const replicas = isReplicated(spec)
      ? { replicaHosts: [], replicaDns: podsServiceName(name) }
      : { replicaHosts: [name] };
    const workload = workloadHandle(name, typed, { name, kind: "workload", resource }, replicas);
    this.#registered.push(workload);
    return workload;
  }

  job(name: string, spec: JobSpec, { parent }: VerbOptions): Job {
    const options = this.#namespaced(parent);
    const policy = new k8s.networking.v1.NetworkPolicy(name, jobPolicy(this.#context, name, spec), options);
    const resource = new k8s.batch.v1.Job(name, job(this.#context, name, spec, this.#sources(name, spec, options)), {
      ...this.#awaiting(options, spec, jobSeconds(spec), [policy]),
      // The new one must not start before the old one and its pods are gone.
      deleteBeforeReplace: true,
      replaceOnChanges: ["spec"],
    });
    this.#inventory.push(jobInventory(name, spec, [`job/${name}`]));
    return { name, succeeded: { name, kind: "job", resource } };
  }

  schedule(name: string, spec: ScheduleSpec, { parent }: VerbOptions): Schedule {
    const options = this.#namespaced(parent);
    const policy = new k8s.networking.v1.NetworkPolicy(name, jobPolicy(this.#context, name, spec), options);
    const sources = this.#sources(name, spec, options);
    const runs = Object.keys(spec.runs).sort();
    const cronJobs = runs.map((run) => cronJobName(name, run));
    for (const run of runs)
      new k8s.batch.v1.CronJob(
        cronJobName(name, run),
        cronJob(this.#context, name, run, spec, sources),
        this.#awaiting(options, spec, 0, [policy]),
      );
    this.#inventory.push(
      scheduleInventory(
        name,
        spec,
        cronJobs.map((cronJob) => `cronjob/${cronJob}`),
      ),
    );
    return { name, spec };
  }

  volume(name: string, spec: VolumeSpec, { parent }: VerbOptions): Volume {
    const keep = spec.retention === "data";
    const claim = new k8s.core.v1.PersistentVolumeClaim(name, volumeClaim(this.#context, name, spec), {
      ...this.#namespaced(parent),
      protect: keep && this.#args.protectData,
      retainOnDelete: keep,
    });
    const volume = { name, spec, id: claim.metadata.name };
    this.#volumes.push(volume);
    return volume;
  }

  postgresCluster(name: string, spec: PostgresClusterSpec, { parent }: VerbOptions): PostgresCluster {
    const { endpoint, resource, inventory } = clusterResources(
      this.#context,
      name,
      spec,
      this.#namespaced(parent),
      this.#args.protectData,
    );
    this.#inventory.push(inventory);
    return { endpoint, ready: { name, kind: "workload", resource } };
  }

  ingress(_name: string, spec: IngressSpec, { parent }: VerbOptions): Ingress {
    return kubernetesIngress(this.#context, spec, this.#namespaced(parent));
  }

  volumes(): readonly Volume[] {
    return this.#volumes;
  }

  workloads(): readonly Workload[] {
    return [...this.#registered];
  }

  inventory(): Inventory {
    return {
      workloads: [...this.#inventory],
      volumes: this.#volumes.map((volume) => volumeInventory(volume, volume.name)),
    };
  }

  #controller(
    name: string,
    spec: AnyWorkloadSpec,
    sources: PodSources,
    options: CustomResourceOptions,
  ): k8s.apps.v1.Deployment | k8s.apps.v1.StatefulSet {
    if (isStateful(spec))
      return new k8s.apps.v1.StatefulSet(name, statefulSet(this.#context, name, spec, sources), options);
    return new k8s.apps.v1.Deployment(name, deployment(this.#context, name, spec, sources), options);
  }

  #sources(name: string, spec: ContainerSpec, options: CustomResourceOptions): PodSources {
    return {
      ...podFiles(this.#context, name, spec, options),
      serviceAccount: this.#foundation.serviceAccount.metadata.name,
    };
  }

  #awaiting(
    options: CustomResourceOptions,
    spec: ContainerSpec,
    seconds: number,
    before: readonly Resource[],
  ): CustomResourceOptions {
    const timeout = `${seconds + AWAIT_MARGIN}s`;
    return {
      ...options,
      customTimeouts: { create: timeout, update: timeout },
      dependsOn: [
        ...this.#foundation.all,
        ...before,
        ...(spec.dependsOn ?? []).map(({ resource }) => resource),
      ] as Input<Resource>[],
    };
  }

  /** Options of what is in the namespace. */
  #namespaced(parent: ComponentResource): CustomResourceOptions {
    return { ...this.#options(parent), dependsOn: [...this.#foundation.all] };
  }

  /** A child of a service does not inherit this platform's provider: it is passed every time. */
  #options(parent: ComponentResource): CustomResourceOptions {
    return { parent, provider: this.#provider };
  }
}
