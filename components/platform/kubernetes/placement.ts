import type { types } from "@pulumi/kubernetes";
import type { Placement } from "./context.ts";

/** Where pods run, in the words of a pod. `hasVolumes`: whether they mount a claim. */
export function placement(
  { nodeSelector = {}, dataNodeSelector = {}, tolerations = [] }: Placement,
  hasVolumes: boolean,
): Pick<types.input.core.v1.PodSpec, "nodeSelector" | "tolerations"> {
  const labels = nodeLabels({ nodeSelector, dataNodeSelector }, hasVolumes);
  return {
    ...(Object.keys(labels).length > 0 && { nodeSelector: labels }),
    ...(tolerations.length > 0 && { tolerations: tolerations.map((each) => ({ ...each })) }),
  };
}

/** Labels that a node must have. What mounts one volume must be able to mount the next: so all with volumes have the same. */
export function nodeLabels(
  { nodeSelector = {}, dataNodeSelector = {} }: Pick<Placement, "nodeSelector" | "dataNodeSelector">,
  hasVolumes: boolean,
): Record<string, string> {
  return { ...nodeSelector, ...(hasVolumes && dataNodeSelector) };
}
