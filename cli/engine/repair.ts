import type { Deployment, Stack } from "@pulumi/pulumi/automation/index.js";
import type Docker from "dockerode";
import { observe, stackFilter } from "../docker/observe.js";
import { note } from "../output.js";
import type { Project } from "../project.js";
import { refuseForeignData } from "./data-guard.js";
import { clearDeadLock } from "./lock.js";
import { stateOf, type State } from "./state.js";

/**
 * Clears what an interrupted or failed update left and the engine alone would
 * stumble over. Returns the URNs that the next update must replace.
 */
export async function repair(stack: Stack, docker: Docker, project: Project): Promise<readonly string[]> {
  await clearDeadLock(stack, project);
  const exported = await stack.exportStack();
  const state = stateOf(exported);
  await refuseForeignData(docker, project, state);
  await removeOrphans(docker, project, state);
  if ((state.pending_operations ?? []).length > 0) await forgetPending(stack, exported, state);
  return failedUrns(docker, project, state);
}

/**
 * Removes containers and networks that carry this stack's label and that the
 * state does not know: an engine that is killed between the creation and the
 * note of it leaves such, and so does a refresh while the daemon goes down.
 * Their names are taken. Volumes are never touched.
 */
async function removeOrphans(docker: Docker, { settings }: Project, { resources = [] }: State): Promise<void> {
  const known = new Set(resources.map(({ id }) => id));
  const filters = stackFilter(settings.identity);
  const networks = (await docker.listNetworks({ filters })).filter(({ Id }) => !known.has(Id));
  const orphaned = new Set(networks.map(({ Name }) => Name));
  for (const { Id, Names, NetworkSettings, State } of await docker.listContainers({ all: true, filters })) {
    // A container of a network that is made anew would not be in the new one: the engine names networks, and the name stays.
    if (known.has(Id) && !Object.keys(NetworkSettings.Networks).some((network) => orphaned.has(network))) continue;
    note(`removing container ${Names[0]?.slice(1) ?? Id}: an interrupted update left it`);
    // Stopped with its own grace first: it may be a database.
    if (State === "running") await docker.getContainer(Id).stop();
    // With the anonymous volumes of its image; named ones stay.
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id, Name } of networks) {
    note(`removing network ${Name}: an interrupted update left it`);
    await docker.getNetwork(Id).remove();
  }
}

/** Creations that were under way are no more: what they made is removed, and the rest a refresh sees. */
async function forgetPending(stack: Stack, exported: Deployment, state: State): Promise<void> {
  note(`forgetting ${state.pending_operations?.length ?? 0} operations of an interrupted update`);
  await stack.importStack({ ...exported, deployment: { ...state, pending_operations: [] } });
}

/** States from which a container does not come back by being started. */
const BROKEN = /^(unhealthy|failed|created|dead)/;

async function failedUrns(docker: Docker, { recording }: Project, { resources = [] }: State): Promise<readonly string[]> {
  const broken = new Set((await observe(docker, recording.result.inventory)).filter(({ state }) => BROKEN.test(state)).map(({ instance }) => instance));
  return resources.filter(({ type, inputs }) => type === "docker:index/container:Container" && broken.has(inputs?.name ?? "")).map(({ urn }) => urn);
}
