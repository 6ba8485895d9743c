import { expect, it } from "vitest";
import {
  placementProblems,
  type NodeFacts,
  type PlacementFacts,
  type PlacementNeeds,
} from "../../../../cli/runtime/kubernetes/placement-check.ts";
import { phrase } from "../../../../components/model/problem.ts";

const node = (name: string, labels: Record<string, string> = {}, taints: NodeFacts["taints"] = []): NodeFacts => ({
  name,
  labels: { "kubernetes.io/hostname": name, ...labels },
  taints,
});
const on = (claim: string, ...hosts: string[]) => ({
  claim,
  nodes: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: hosts }] }],
});
const DEDICATED = { key: "dedicated", value: "db", effect: "NoSchedule" };
const TOLERATION = { key: "dedicated", operator: "Equal", value: "db", effect: "NoSchedule" } as const;
const NODES = [node("one"), node("two", { disk: "ssd" }), node("three", { disk: "ssd", arch: "arm" }, [DEDICATED])];
const CLAIMS = { claims: ["postgres-17"] };

const fits: readonly [string, PlacementFacts, PlacementNeeds][] = [
  ["no setting", { nodes: NODES, volumes: [on("postgres-17", "one")] }, CLAIMS],
  ["a cluster that has no node yet", { nodes: [], volumes: [] }, { ...CLAIMS, nodeSelector: { disk: "ssd" } }],
  ["a kubeconfig that may not look", { volumes: [] }, { ...CLAIMS, nodeSelector: { disk: "none" } }],
  [
    "a node with the labels",
    { nodes: NODES, volumes: [on("postgres-17", "two")] },
    { ...CLAIMS, nodeSelector: { disk: "ssd" } },
  ],
  [
    "a taint that pods bear",
    { nodes: NODES, volumes: [] },
    { ...CLAIMS, nodeSelector: { arch: "arm" }, tolerations: [TOLERATION] },
  ],
  [
    "a taint that they bear by any value",
    { nodes: NODES, volumes: [] },
    { ...CLAIMS, nodeSelector: { arch: "arm" }, tolerations: [{ key: "dedicated", operator: "Exists" }] },
  ],
  [
    "every taint",
    { nodes: NODES, volumes: [] },
    { ...CLAIMS, nodeSelector: { arch: "arm" }, tolerations: [{ operator: "Exists" }] },
  ],
  [
    "a taint that is a wish",
    { nodes: [node("one", {}, [{ ...DEDICATED, effect: "PreferNoSchedule" }])], volumes: [] },
    CLAIMS,
  ],
  [
    "a node that is not ready for a while",
    { nodes: [node("one", {}, [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }])], volumes: [] },
    CLAIMS,
  ],
  [
    "a volume of another stack's",
    { nodes: NODES, volumes: [on("other", "one")] },
    { ...CLAIMS, dataNodeSelector: { disk: "ssd" } },
  ],
  [
    "no volumes and no node for them",
    { nodes: NODES, volumes: [] },
    { claims: [], dataNodeSelector: { disk: "tape" } },
  ],
];

it.each(fits)("%s fits", (_name, facts, needs) => {
  expect(placementProblems(facts, needs)).toEqual([]);
});

const ONE = "one, two, three";

it.each<[string, PlacementFacts, PlacementNeeds, string]>([
  [
    "labels that no node has",
    { nodes: NODES, volumes: [] },
    { ...CLAIMS, nodeSelector: { disk: "tape" } },
    `kubernetes.nodeSelector: no node has the labels disk=tape; allowed: labels of a node of: ${ONE}; change it, or label a node: kubectl label node NAME KEY=VALUE`,
  ],
  [
    "labels for data that no node has together with the others",
    { nodes: NODES, volumes: [] },
    { ...CLAIMS, nodeSelector: { disk: "ssd" }, dataNodeSelector: { rack: "2" } },
    `kubernetes.dataNodeSelector: no node has the labels disk=ssd,rack=2; allowed: labels of a node of: ${ONE}; change it, or label a node: kubectl label node NAME KEY=VALUE`,
  ],
  [
    "a taint that pods do not bear",
    { nodes: NODES, volumes: [] },
    { ...CLAIMS, nodeSelector: { arch: "arm" }, tolerations: [{ ...TOLERATION, value: "web" }] },
    "kubernetes.tolerations: each node that pods may run on has a taint that they do not bear: three dedicated=db:NoSchedule; allowed: tolerations of one node's taints; add one, or remove the taint from the node",
  ],
  [
    "data on a node that is not chosen",
    { nodes: NODES, volumes: [on("postgres-17", "one")] },
    { ...CLAIMS, dataNodeSelector: { disk: "ssd" } },
    "volume postgres-17: its data is where the settings let no pod run: kubernetes.io/hostname=one; allowed: a node with disk=ssd; change kubernetes.nodeSelector, dataNodeSelector or tolerations, or move the data by a backup and a restore",
  ],
  [
    "data on a node with a taint",
    { nodes: NODES, volumes: [on("postgres-17", "three")] },
    CLAIMS,
    "volume postgres-17: its data is where the settings let no pod run: kubernetes.io/hostname=three; allowed: a node with no taint that the stack does not bear; change kubernetes.nodeSelector, dataNodeSelector or tolerations, or move the data by a backup and a restore",
  ],
])("%s is refused before a pod waits for a node", (_name, facts, needs, message) => {
  expect(placementProblems(facts, needs).map(phrase)).toEqual([message]);
});

it.each<[string, readonly string[] | undefined, boolean]>([
  ["NotIn", ["one"], false],
  ["NotIn", ["two"], true],
  ["Exists", undefined, true],
  ["DoesNotExist", undefined, false],
])("a volume that wants nodes by %s %j", (operator, values, isFit) => {
  const nodes = [
    { matchExpressions: [{ key: "kubernetes.io/hostname", operator, ...(values && { values: [...values] }) }] },
  ];
  const facts = { nodes: [node("one")], volumes: [{ claim: "postgres-17", nodes }] };
  expect(placementProblems(facts, CLAIMS).length === 0).toBe(isFit);
});

it("a volume may name its node by the only field that there is", () => {
  const nodes = [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["one"] }] }];
  const volumes = [{ claim: "postgres-17", nodes }];
  expect(placementProblems({ nodes: [node("one")], volumes }, CLAIMS)).toEqual([]);
  expect(placementProblems({ nodes: [node("two")], volumes }, CLAIMS)).toHaveLength(1);
});
