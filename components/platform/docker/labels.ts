import { identityLabels, LABELS, type StackIdentity } from "../../model/identity.ts";
import type { VolumeSpec } from "../../model/volume.ts";

/** Labels in the form that the provider takes. */
export function labelList(labels: Readonly<Record<string, string>>): { label: string; value: string }[] {
  return Object.entries(labels).map(([label, value]) => ({ label, value }));
}

/** The labels of a volume. Those of data never change: another label would replace the volume. */
export function volumeLabels(
  identity: StackIdentity,
  name: string,
  { retention }: Pick<VolumeSpec, "retention">,
): Record<string, string> {
  const labels = identityLabels(identity, name, "volume");
  return retention === "data" ? labels : { ...labels, [LABELS.retention]: retention };
}
