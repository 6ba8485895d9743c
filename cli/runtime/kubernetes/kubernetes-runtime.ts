import { PatchStrategy, setHeaderOptions, type V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { verdict } from "../../../components/model/problem.ts";
import type { Inventory, InventoryWorkload } from "../../../components/model/inventory.ts";
import { CNPG } from "../../../components/platform/kubernetes/postgres-cluster.ts";
import { CLAIM } from "../../../components/platform/kubernetes/storage.ts";
import { refuseUnknownData } from "../data-guard.ts";
import { refuseForeignData } from "../foreign-data.ts";
import { refuseLostData } from "../lost-data.ts";
import { resourceName, type State, type StateResource } from "../../engine/state.ts";
import { CliError } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import type { LockStore } from "../lock/holder.ts";
import type { Operations } from "../operations.ts";
import type { FoundVolume, GuardOptions, Observation, Owner, ReadLogins, Runtime } from "../runtime.ts";
import { connect, found, requireCluster, type Cluster, type KubeconfigSource } from "./client.ts";
import { clusterProblems, clusterWeaknesses } from "./cluster-check.ts";
import { egressProblems } from "./egress-check.ts";
import { clusterFacts, clusterNeeds } from "./cluster-facts.ts";
import { lockLease } from "./lock-lease.ts";
import { findData } from "./find-data.ts";
import { KubernetesOperations } from "./kubernetes-operations.ts";
import { lastLogLines } from "./logs.ts";
import { observe } from "./observe.ts";
import { prepareImages } from "./prepare-images.ts";
import { symptoms } from "./symptoms.ts";
import type { Symptom } from "../watch.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
/** On a claim it says whether the claim holds data. */
const COMPONENT_LABEL = "app.kubernetes.io/component";
const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const DATABASE_CLUSTER = `kubernetes:${CNPG.version}:Cluster`;

/** What pods of services belong to, by the engine's type. */
const CONTROLLERS: Readonly<Record<string, string>> = {
  "kubernetes:apps/v1:Deployment": "deployment",
  "kubernetes:apps/v1:StatefulSet": "statefulset",
  "kubernetes:batch/v1:Job": "job",
  "kubernetes:batch/v1:CronJob": "cronjob",
  [DATABASE_CLUSTER]: `cluster.${CNPG.group}`,
};

/** One Kubernetes cluster and the stack's namespace in it. */
export class KubernetesRuntime implements Runtime {
  readonly instanceName = "pods of";
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(source: KubeconfigSource, namespace: string) {
    this.#cluster = connect(source);
    this.#namespace = namespace;
  }

  require(): Promise<void> {
    return requireCluster(this.#cluster);
  }

  lock({ settings }: Owner): LockStore {
    return lockLease(this.#cluster, settings.identity);
  }

  async preflight(project: Project): Promise<void> {
    await this.require();
    const needs = clusterNeeds(project);
    const facts = await clusterFacts(this.#cluster, this.#namespace, needs);
    const servers = await egressProblems(project.settings);
    const problems = [...clusterProblems(facts, needs), ...servers.problems];
    if (problems.length > 0)
      throw new CliError({
        heading: `the cluster at ${this.#cluster.server} cannot take stack ${project.stack}; nothing was changed`,
        problems,
      });
    for (const weakness of clusterWeaknesses(facts, needs)) note(`warning: ${verdict(weakness)}; ${weakness.fix}`);
    for (const { setting, host } of servers.unknown)
      note(`not checked: whether pods may reach ${host} (${setting}), whose address this machine does not know`);
  }

  prepareImages(project: Project, logins: ReadLogins): Promise<void> {
    return prepareImages(this.#cluster, this.#namespace, project, logins);
  }

  /** A kubeconfig that points elsewhere: a refresh there would find nothing and forget the whole stack. */
  async guardPlace({ stack }: Pick<Owner, "stack">, { resources = [] }: State): Promise<void> {
    const known = resources.find(({ type }) => type === NAMESPACE)?.outputs?.metadata?.uid;
    if (known === undefined) return;
    const there = (await found(this.#cluster.core.readNamespace({ name: this.#namespace })))?.metadata?.uid;
    if (there === known) return;
    throw new CliError({
      got: `stack ${stack}: the cluster at ${this.#cluster.server} has ${there === undefined ? "no" : "another"} namespace ${this.#namespace}`,
      allowed: "the cluster that the state belongs to",
      fix:
        "nothing was changed: name it with apprun:kubernetes.context or kubeconfig. " +
        `If the namespace was deleted for good: npm run up -- --data-is-lost`,
    });
  }

  async guard(project: Project, state: State, { dataIsLost = false, takeData }: GuardOptions = {}): Promise<void> {
    if (!dataIsLost) await this.guardPlace(project, state);
    const claims = await this.#claims();
    const there = claims.map(({ metadata }) => metadata?.name ?? "");
    if (!dataIsLost) refuseLostData(project.stack, state, there, `namespace ${this.#namespace}`);
    refuseForeignData(project, state, findData(claims, project), this, takeData);
  }

  async findData(project: Pick<Project, "settings" | "recording">): Promise<readonly FoundVolume[]> {
    return findData(await this.#claims(), project);
  }

  async #claims(): Promise<readonly V1PersistentVolumeClaim[]> {
    return (await this.#cluster.core.listNamespacedPersistentVolumeClaim({ namespace: this.#namespace })).items;
  }

  async guardRemoval(owner: Owner, state: State): Promise<void> {
    await this.guardPlace(owner, state);
    const data = (await this.#claims()).filter(({ metadata }) => metadata?.labels?.[COMPONENT_LABEL] === "data");
    refuseUnknownData(
      owner.stack,
      state,
      data.map(({ metadata }) => metadata?.name ?? ""),
      this,
    );
  }

  observe(inventory: Inventory): Promise<readonly Observation[]> {
    return observe(this.#cluster, this.#namespace, inventory);
  }

  lastLogLines(instance: string, lines: number): Promise<readonly string[]> {
    return lastLogLines(this.#cluster, this.#namespace, instance, lines);
  }

  get operations(): Operations {
    return new KubernetesOperations(this.#cluster, this.#namespace);
  }

  /** The provider takes over what is there under the same name. */
  removeOrphans(): Promise<void> {
    return Promise.resolve();
  }

  instanceOf({ type, inputs }: { readonly type: string; readonly inputs: Record<string, unknown> }) {
    const kind = CONTROLLERS[type];
    const { name } = (inputs["metadata"] ?? {}) as { readonly name?: string };
    return kind === undefined || name === undefined ? undefined : `${kind}/${name}`;
  }

  symptoms(workloads: readonly InventoryWorkload[], starting: readonly string[]): Promise<readonly Symptom[]> {
    return symptoms(this.#cluster, this.#namespace, workloads, starting);
  }

  isBroken({ type, inputs }: StateResource, observations: readonly Observation[]): boolean {
    // Whatever else fails comes back by itself or with its next revision; a failed Job is never tried again.
    if (type !== "kubernetes:batch/v1:Job") return false;
    return observations.some(
      ({ instance, state }) => instance === `job/${inputs?.metadata?.name ?? ""}` && state.startsWith("failed"),
    );
  }

  keeps({ type, urn }: StateResource, { recording }: Project): boolean {
    // The namespace would take the claims with it, and the operator deletes the volumes with its cluster.
    if (type === NAMESPACE || type === STORAGE_CLASS || type === DATABASE_CLUSTER) return true;
    const name = resourceName(urn);
    return (
      type === CLAIM &&
      recording.result.inventory.volumes.some((volume) => volume.retention === "data" && volume.name === name)
    );
  }

  async removeData(_owner: Owner, except: readonly string[], destroy: () => Promise<unknown>): Promise<number> {
    const { items } = await this.#cluster.core.listPersistentVolume();
    const names = items
      .filter(({ spec }) => spec?.claimRef?.namespace === this.#namespace && !except.includes(spec.claimRef.name ?? ""))
      .map(({ metadata }) => metadata?.name ?? "");
    // Released volumes of a class that retains would keep their data on the node.
    for (const name of names)
      await this.#cluster.core.patchPersistentVolume(
        { name, body: { spec: { persistentVolumeReclaimPolicy: "Delete" } } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
    await destroy();
    return names.length;
  }

  removalCommand(volumes: readonly string[]): string {
    return `kubectl --namespace ${this.#namespace} delete persistentvolumeclaim ${volumes.join(" ")}`;
  }
}
