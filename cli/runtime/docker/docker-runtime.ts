import type Docker from "dockerode";
import type { DockerAddress } from "../../../components/model/docker-address.ts";
import { LABELS, physicalName } from "../../../components/model/identity.ts";
import type { Inventory, InventoryWorkload } from "../../../components/model/inventory.ts";
import type { Problem } from "../../../components/model/problem.ts";
import { refuseUnknownData } from "../data-guard.ts";
import { refuseForeignData } from "../foreign-data.ts";
import { refuseLostData, refuseOtherEngine } from "../lost-data.ts";
import { resourceName, type State, type StateResource } from "../../engine/state.ts";
import type { Project } from "../../kit/project.ts";
import type { LockStore } from "../lock/holder.ts";
import type { FoundVolume, GuardOptions, Observation, Owner, ReadLogins, Runtime } from "../runtime.ts";
import { dockerClient, requireDocker } from "./client.ts";
import type { Operations } from "../operations.ts";
import { DockerOperations } from "./docker-operations.ts";
import { exposureProblems } from "./exposure.ts";
import { findData } from "./find-data.ts";
import { ownAddresses } from "./host-facts.ts";
import { lockVolume } from "./lock-volume.ts";
import { engineInfo, isHere } from "./machine.ts";
import { lastLogLines, observe, stackFilter } from "./observe.ts";
import { removeOrphans } from "./orphans.ts";
import { preflight } from "./preflight.ts";
import { prepareImages } from "./prepare-images.ts";
import { listeningSockets } from "./sockets.ts";
import { removeFailed, symptoms } from "./symptoms.ts";
import type { Symptom } from "../watch.ts";

const CONTAINER = "docker:index/container:Container";
/** States from which a container does not come back by being started. */
const BROKEN = /^(unhealthy|failed|created|dead)/;
/** The same for one that holds data: while it runs it may be reading that back, which a new one would begin again. */
const BROKEN_DATA = /^(failed|created|dead)/;

/** One Docker Engine. */
export class DockerRuntime implements Runtime {
  readonly instanceName = "container";
  readonly #address: DockerAddress;
  readonly #docker: Docker;

  constructor(address: DockerAddress) {
    this.#address = address;
    this.#docker = dockerClient(address);
  }

  async require(): Promise<void> {
    await requireDocker(this.#docker, this.#address);
  }

  lock({ settings }: Owner): LockStore {
    return lockVolume(this.#docker, settings.identity);
  }

  preflight(project: Project): Promise<void> {
    return preflight(this.#docker, project);
  }

  prepareImages(project: Project, logins: ReadLogins): Promise<void> {
    return prepareImages(this.#docker, project, logins);
  }

  async guardPlace({ stack }: Pick<Owner, "stack">, state: State): Promise<void> {
    refuseOtherEngine(stack, state, { id: (await engineInfo(this.#docker)).ID, host: this.#address.host });
  }

  async guard(project: Project, state: State, { dataIsLost = false, takeData }: GuardOptions = {}): Promise<void> {
    if (!dataIsLost) await this.guardPlace(project, state);
    const { Volumes } = await this.#docker.listVolumes();
    const there = Volumes.map(({ Name }) => Name);
    if (!dataIsLost) refuseLostData(project.stack, state, there, `the Docker Engine at ${this.#address.host}`);
    refuseForeignData(project, state, await findData(this.#docker, project, Volumes), this, takeData);
  }

  async findData(project: Pick<Project, "settings" | "recording">): Promise<readonly FoundVolume[]> {
    return findData(this.#docker, project, (await this.#docker.listVolumes()).Volumes);
  }

  async guardRemoval(owner: Owner, state: State): Promise<void> {
    const { stack, settings } = owner;
    await this.guardPlace(owner, state);
    const { Volumes } = await this.#docker.listVolumes({ filters: JSON.stringify(stackFilter(settings.identity)) });
    // Only what may be rebuilt carries the label.
    const data = Volumes.filter(({ Labels }) => Labels[LABELS.retention] === undefined);
    refuseUnknownData(
      stack,
      state,
      data.map(({ Name }) => Name),
      this,
    );
  }

  observe(inventory: Inventory): Promise<readonly Observation[]> {
    return observe(this.#docker, inventory);
  }

  async exposure({ settings, recording }: Project): Promise<readonly Problem[]> {
    const published = [...(await ownAddresses(this.#docker, settings.identity))];
    return exposureProblems(recording.result.inventory, {
      published,
      ...(isHere(await engineInfo(this.#docker), this.#address) && { sockets: listeningSockets() }),
    });
  }

  lastLogLines(instance: string, lines: number): Promise<readonly string[]> {
    return lastLogLines(this.#docker, instance, lines);
  }

  get operations(): Operations {
    return new DockerOperations(this.#docker);
  }

  removeOrphans({ settings }: Owner, state: State): Promise<void> {
    return removeOrphans(this.#docker, settings.identity, state);
  }

  instanceOf({ type, inputs }: { readonly type: string; readonly inputs: Record<string, unknown> }) {
    return type === CONTAINER && typeof inputs["name"] === "string" ? inputs["name"] : undefined;
  }

  symptoms(workloads: readonly InventoryWorkload[], starting: readonly string[]): Promise<readonly Symptom[]> {
    return symptoms(this.#docker, workloads, starting);
  }

  /** The provider waits for the health of a container that never comes, and ends only when the container is gone. */
  endWait(instance: string): Promise<void> {
    return removeFailed(this.#docker, instance);
  }

  isBroken({ type, inputs }: StateResource, observations: readonly Observation[]): boolean {
    if (type !== CONTAINER) return false;
    return observations.some(
      ({ instance, state, tier }) => instance === inputs?.name && (tier === "data" ? BROKEN_DATA : BROKEN).test(state),
    );
  }

  keeps({ type, urn }: StateResource, { recording }: Project): boolean {
    const name = resourceName(urn);
    return (
      type === "docker:index/volume:Volume" &&
      recording.result.inventory.volumes.some((volume) => volume.retention === "data" && volume.name === name)
    );
  }

  async removeData({ settings }: Owner, except: readonly string[], destroy: () => Promise<unknown>): Promise<number> {
    await destroy();
    const { Volumes } = await this.#docker.listVolumes({ filters: JSON.stringify(stackFilter(settings.identity)) });
    const kept = new Set(except.map((name) => physicalName(settings.identity, name)));
    const removed = Volumes.filter(({ Name }) => !kept.has(Name));
    for (const { Name } of removed) await this.#docker.getVolume(Name).remove();
    return removed.length;
  }

  removalCommand(volumes: readonly string[]): string {
    return `docker volume rm ${volumes.join(" ")}`;
  }
}
