import type Docker from "dockerode";
import type { StackIdentity } from "../../../components/model/identity.ts";
import type { State } from "../../engine/state.ts";
import { note } from "../../kit/output.ts";
import { stackFilter } from "./observe.ts";

/**
 * Removes containers and networks that carry this stack's label and that the
 * state does not know: an engine that is killed between the creation and the
 * note of it leaves such, and so does a refresh while the daemon goes down.
 * Their names are taken. Volumes are never touched.
 */
export async function removeOrphans(docker: Docker, identity: StackIdentity, { resources = [] }: State): Promise<void> {
  const known = new Set(resources.map(({ id }) => id));
  const filters = stackFilter(identity);
  const networks = (await docker.listNetworks({ filters })).filter(({ Id }) => !known.has(Id));
  const orphaned = new Set(networks.map(({ Name }) => Name));
  for (const { Id, Names, NetworkSettings, State } of await docker.listContainers({ all: true, filters })) {
    // A container of a network that is made again would not be in the new one: the engine names networks, and the name stays.
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
