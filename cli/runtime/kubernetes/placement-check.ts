import type { V1NodeSelectorTerm, V1Taint } from "@kubernetes/client-node";
import type { Problem } from "../../../components/model/problem.ts";
import type { Placement, Toleration } from "../../../components/platform/kubernetes/context.ts";
import { nodeLabels } from "../../../components/platform/kubernetes/placement.ts";
import { labelsText } from "./ingress-check.ts";

type Labels = Readonly<Record<string, string>>;

export interface NodeFacts {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Pick<V1Taint, "key" | "value" | "effect">[];
}

/** A volume that not every node can mount. */
export interface VolumeFacts {
  readonly claim: string;
  /** Any of them is enough. */
  readonly nodes: readonly V1NodeSelectorTerm[];
}

export interface PlacementFacts {
  /** `@default -` this kubeconfig may not look */
  readonly nodes?: readonly NodeFacts[];
  readonly volumes: readonly VolumeFacts[];
}

export interface PlacementNeeds extends Placement {
  /** Names of the stack's claims. */
  readonly claims: readonly string[];
}

/** What would leave pods without a node. Found out by a pod otherwise, when the one that it replaces is gone. */
export function placementProblems({ nodes, volumes }: PlacementFacts, needs: PlacementNeeds): readonly Problem[] {
  // Without any an autoscaler makes them.
  if (nodes === undefined || nodes.length === 0) return [];
  const { tolerations = [], claims } = needs;
  const anywhere = nodesProblem("kubernetes.nodeSelector", nodes, nodeLabels(needs, false), tolerations);
  if (anywhere !== undefined) return [anywhere];
  if (claims.length === 0) return [];
  const labels = nodeLabels(needs, true);
  const forData = nodesProblem("kubernetes.dataNodeSelector", nodes, labels, tolerations);
  if (forData !== undefined) return [forData];
  const chosen = nodes.filter((node) => fits(node, labels, tolerations));
  return volumes
    .filter(({ claim, nodes: terms }) => claims.includes(claim) && !chosen.some((node) => isMountable(terms, node)))
    .map(({ claim, nodes: terms }) => ({
      got: `volume ${claim}: its data is where the settings let no pod run: ${terms.map(termText).join(" or ")}`,
      allowed: `a node with ${labelsText(labels) || "no taint that the stack does not bear"}`,
      fix: "change kubernetes.nodeSelector, dataNodeSelector or tolerations, or move the data by a backup and a restore",
    }));
}

function nodesProblem(
  setting: string,
  nodes: readonly NodeFacts[],
  labels: Labels,
  tolerations: readonly Toleration[],
): Problem | undefined {
  const labelled = nodes.filter((node) => hasLabels(node, labels));
  if (labelled.length === 0)
    return {
      got: `${setting}: no node has the labels ${labelsText(labels)}`,
      allowed: `labels of a node of: ${nodes.map(({ name }) => name).join(", ")}`,
      fix: "change it, or label a node: kubectl label node NAME KEY=VALUE",
    };
  if (labelled.some((node) => fits(node, labels, tolerations))) return undefined;
  const taints = labelled.flatMap((node) =>
    node.taints.filter((taint) => keepsOut(taint, tolerations)).map((taint) => `${node.name} ${taintText(taint)}`),
  );
  return {
    got: `kubernetes.tolerations: each node that pods may run on has a taint that they do not bear: ${taints.join(", ")}`,
    allowed: "tolerations of one node's taints",
    fix: "add one, or remove the taint from the node",
  };
}

function fits(node: NodeFacts, labels: Labels, tolerations: readonly Toleration[]): boolean {
  return hasLabels(node, labels) && !node.taints.some((taint) => keepsOut(taint, tolerations));
}

function hasLabels(node: NodeFacts, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => node.labels[key] === value);
}

/** What the cluster itself says of a node for a while; the scheduler waits for its end. */
const PASSING = /^node\.(cloudprovider\.)?kubernetes\.io\//;

function keepsOut(taint: NodeFacts["taints"][number], tolerations: readonly Toleration[]): boolean {
  if (taint.effect === "PreferNoSchedule" || PASSING.test(taint.key)) return false;
  return !tolerations.some(
    ({ key, operator, value, effect }) =>
      (key === undefined || key === taint.key) &&
      (effect === undefined || effect === taint.effect) &&
      (operator === "Exists" || (value ?? "") === (taint.value ?? "")),
  );
}

function isMountable(terms: readonly V1NodeSelectorTerm[], { name, labels }: NodeFacts): boolean {
  return terms.some(({ matchExpressions = [], matchFields = [] }) =>
    [
      ...matchExpressions.map(({ key, operator, values }) => ({ operator, values, is: labels[key] })),
      // The only field of a node that there is.
      ...matchFields.map(({ operator, values }) => ({ operator, values, is: name })),
    ].every(({ operator, values = [], is }) => {
      switch (operator) {
        case "In":
          return is !== undefined && values.includes(is);
        case "NotIn":
          return is === undefined || !values.includes(is);
        case "Exists":
          return is !== undefined;
        case "DoesNotExist":
          return is === undefined;
        // Comparisons of numbers are not judged here.
        default:
          return true;
      }
    }),
  );
}

function termText({ matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm): string {
  return [...matchExpressions, ...matchFields]
    .map(({ key, operator, values = [] }) =>
      [key, operator === "In" ? "=" : ` ${operator} `, values.join(" or ")].join(""),
    )
    .join(", ");
}

function taintText({ key, value, effect }: NodeFacts["taints"][number]): string {
  return `${key}${value === undefined ? "" : `=${value}`}:${effect}`;
}
