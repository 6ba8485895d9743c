import type Docker from "dockerode";
import { LABELS, qualifiedName, type StackIdentity } from "../../../components/model/identity.ts";
import { volumeLabels } from "../../../components/platform/docker/labels.ts";
import type { Project } from "../../kit/project.ts";
import type { FoundVolume } from "../runtime.ts";

type Users = readonly Pick<Docker.ContainerInfo, "Names" | "Labels" | "Mounts">[];

/** Those of the engine's volumes that have the names of the stack's data. */
export async function findData(
  docker: Docker,
  { settings: { identity }, recording }: Pick<Project, "settings" | "recording">,
  volumes: readonly Docker.VolumeInspectInfo[],
): Promise<readonly FoundVolume[]> {
  const containers = await docker.listContainers({ all: true });
  return recording.result.inventory.volumes.flatMap(({ name, id, retention }) => {
    const there = volumes.find(({ Name }) => Name === id);
    if (retention !== "data" || there === undefined) return [];
    const strange = hasOtherLabels(identity, name, there.Labels) ?? isUsedByOthers(identity, id, containers);
    return [{ id, ...(strange !== undefined && { strange }) }];
  });
}

/** The engine would replace it, which deletes what it holds. */
function hasOtherLabels(
  identity: StackIdentity,
  name: string,
  labels: Readonly<Record<string, string>> | null,
): string | undefined {
  const own = volumeLabels(identity, name, { retention: "data" });
  const there = Object.entries(labels ?? {});
  return there.length === Object.keys(own).length && there.every(([key, value]) => own[key] === value)
    ? undefined
    : `it does not have the labels of a data volume of stack ${qualifiedName(identity)}`;
}

function isUsedByOthers(identity: StackIdentity, id: string, containers: Users): string | undefined {
  const other = containers.find(
    ({ Labels, Mounts }) => Mounts.some(({ Name }) => Name === id) && Labels[LABELS.stack] !== qualifiedName(identity),
  );
  return (
    other && `the container ${other.Names[0]?.slice(1) ?? ""} uses it, which is not of stack ${qualifiedName(identity)}`
  );
}
