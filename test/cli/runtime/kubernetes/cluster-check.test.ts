import { describe, expect, it } from "vitest";
import {
  clusterProblems,
  type ClusterFacts,
  type ClusterNeeds,
} from "../../../../cli/runtime/kubernetes/cluster-check.ts";
import { phrase } from "../../../../components/model/problem.ts";
import { quantityInMebibytes } from "../../../../cli/runtime/kubernetes/quantity.ts";

const claim = { name: "postgres-17", storageClass: "fast", accessModes: ["ReadWriteOnce"], size: 1024 };
const facts: ClusterFacts = {
  version: "1.34",
  storageClasses: [
    { name: "fast", provisioner: "rancher.io/local-path", expands: false },
    { name: "grows", provisioner: "csi", expands: true },
  ],
  ingressClasses: ["traefik"],
  customKinds: [],
  claims: [claim],
  controller: { images: ["rancher/mirrored-library-traefik:3.3.6"] },
  placement: { nodes: [{ name: "one", labels: {}, taints: [] }], volumes: [] },
};
const needs: ClusterNeeds = {
  storageClasses: [],
  provisioner: "rancher.io/local-path",
  ingressClass: "traefik",
  customKinds: [],
  claims: [{ name: "postgres-17", storageClass: "fast", accessModes: ["ReadWriteOnce"], size: "1Gi" }],
  controller: {
    controller: "traefik",
    namespace: "kube-system",
    podLabels: { "app.kubernetes.io/name": "traefik" },
    addresses: [],
    countsAddresses: true,
    behindTunnel: false,
  },
  placement: {},
};
const wanted = (changes: object) => ({ ...needs, claims: [{ ...needs.claims[0]!, ...changes }] });

describe("a cluster", () => {
  it("that has everything has no problem", () => {
    expect(clusterProblems(facts, needs)).toEqual([]);
    expect(
      clusterProblems(
        { ...facts, claims: [{ ...claim, storageClass: "grows" }] },
        wanted({ storageClass: "grows", size: "2Gi" }),
      ),
    ).toEqual([]);
  });

  it.each<[string, ClusterFacts, ClusterNeeds, string]>([
    [
      "that is too old",
      { ...facts, version: "1.29" },
      needs,
      "Kubernetes: got version 1.29; allowed: 1.30 or newer; update the cluster",
    ],
    [
      "without a named class",
      facts,
      { ...needs, storageClasses: [{ name: "gp3", setting: "kubernetes.storageClass" }] },
      'kubernetes.storageClass: got "gp3", which the cluster does not have; allowed: fast, grows; name one of them or make the class',
    ],
    [
      "without k3s's provisioner",
      { ...facts, storageClasses: [facts.storageClasses[1]!], claims: [] },
      needs,
      "kubernetes.storageClass: got nothing, and no class of the cluster uses rancher.io/local-path; allowed: k3s, which brings it, or one of: grows; set kubernetes.storageClass",
    ],
    [
      "without the ingress class",
      { ...facts, ingressClasses: [] },
      needs,
      'kubernetes.ingress.class: got "traefik", which the cluster does not have; allowed: none, the cluster has no such thing; name one of them',
    ],
    [
      "without the operator",
      facts,
      { ...needs, customKinds: [{ name: "clusters.postgresql.cnpg.io", setting: "postgres.mode operator" }] },
      "postgres.mode operator: the cluster has no clusters.postgresql.cnpg.io; allowed: a cluster with its operator; install the operator or change the setting",
    ],
    [
      "whose volume would shrink",
      facts,
      wanted({ size: "512Mi" }),
      "volume postgres-17: got 512Mi; allowed: at least 1Gi, which it has: a volume cannot shrink; raise it",
    ],
    [
      "whose class does not let volumes grow",
      facts,
      wanted({ size: "2Gi" }),
      "volume postgres-17: got 2Gi; allowed: 1Gi: its class fast does not let volumes grow; keep it, or move the data to a new volume by hand",
    ],
    [
      "whose volume has another class",
      facts,
      wanted({ storageClass: "grows" }),
      "volume postgres-17: got class grows; allowed: fast, which it has; keep it, or move the data to a new volume by hand",
    ],
    [
      "whose volume has another access mode",
      facts,
      wanted({ accessModes: ["ReadWriteMany"] }),
      "volume postgres-17: got access mode ReadWriteMany; allowed: ReadWriteOnce, which it has; keep it, or move the data to a new volume by hand",
    ],
  ])("%s is refused", (_, cluster, stack, problem) => {
    expect(clusterProblems(cluster, stack).map(phrase)).toEqual([problem]);
  });
});

it.each([
  ["1Gi", 1024],
  ["1024Mi", 1024],
  ["1.5Gi", 1536],
  ["1G", 953],
  ["2Ti", 2_097_152],
  ["1048576", 1],
  ["1048576Ki", 1024],
])("the quantity %s is %d MiB", (quantity, mebibytes) => {
  expect(quantityInMebibytes(quantity)).toBe(mebibytes);
});

it.each(["much", "1.5much"])("the quantity %s is none", (quantity) => {
  expect(() => quantityInMebibytes(quantity)).toThrow(/Unknown/);
});
