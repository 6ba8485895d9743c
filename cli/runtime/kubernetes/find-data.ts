import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { recordedClaims, type RecordedClaim } from "../../../components/platform/kubernetes/storage.ts";
import type { Project } from "../../kit/project.ts";
import type { FoundVolume } from "../runtime.ts";
import { quantity } from "./quantity.ts";

/** Those of the namespace's claims that have the names of the stack's data. */
export function findData(
  items: readonly V1PersistentVolumeClaim[],
  { recording }: Pick<Project, "recording">,
): readonly FoundVolume[] {
  const claims = recordedClaims(recording.resources);
  return recording.result.inventory.volumes.flatMap(({ id, retention }) => {
    const there = items.find(({ metadata }) => metadata?.name === id);
    const wanted = claims.find(({ metadata }) => metadata?.name === id);
    if (retention !== "data" || there === undefined || wanted === undefined) return [];
    const strange = whyStrange(there, wanted);
    return [{ id, ...(strange !== undefined && { strange }) }];
  });
}

function whyStrange({ metadata, spec }: V1PersistentVolumeClaim, wanted: RecordedClaim): string | undefined {
  const labels = Object.entries(wanted.metadata?.labels ?? {});
  if (!labels.every(([key, value]) => metadata?.labels?.[key] === value))
    return "it does not have the labels of a data volume of the stack";
  if (metadata?.deletionTimestamp !== undefined) return "the cluster is deleting it";
  // The provider would meet another owner of the field, or a claim that does not change.
  const [size, wantedSize] = [spec?.resources?.requests?.["storage"], wanted.spec?.resources?.requests?.["storage"]];
  if (size !== undefined && wantedSize !== undefined && quantity(size) !== quantity(wantedSize))
    return `it asks for ${size}, and the settings for ${wantedSize}: write ${size} first`;
  const [kind, wantedKind] = [spec?.storageClassName, wanted.spec?.storageClassName];
  if (wantedKind !== undefined && kind !== wantedKind)
    return `it is of the storage class ${kind ?? "without a name"}, and the settings want ${wantedKind}`;
  return undefined;
}
