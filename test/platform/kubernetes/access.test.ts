import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Recording } from "../../../cli/kit/record.ts";
import { refuseClusterAccess } from "../../../components/platform/docker/no-cluster.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { appSpec } from "../../support/record/specs.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";
const names = (recording: Recording<Stack>, kind: string) =>
  recording.resources.filter(({ type }) => type === RBAC + kind).map(({ name }) => name);

interface Pods {
  readonly spec: { template: { spec: { serviceAccountName: string; automountServiceAccountToken: boolean } } };
}

describe("what a stack may read of its cluster", () => {
  let standard: Recording<Stack>;
  let withKubelets: Recording<Stack>;
  beforeAll(async () => {
    standard = await stackOf({ platform: "kubernetes" });
    withKubelets = await stackOf({ platform: "kubernetes", exporters: { kubelets: true } });
  });

  it("is by default its own namespace's pods, claims, controllers and jobs, by one account", () => {
    expect(["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"].map((kind) => names(standard, kind))).toEqual([
      ["kube-state-metrics"],
      ["kube-state-metrics"],
      [],
      [],
    ]);
    const read = ["get", "list", "watch"];
    expect(inputsOf(standard, `${RBAC}Role`, "kube-state-metrics")).toMatchObject({
      metadata: { namespace: "apprun-dev" },
      rules: [
        { apiGroups: [""], resources: ["pods", "persistentvolumeclaims"], verbs: read },
        { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: read },
        { apiGroups: ["batch"], resources: ["jobs"], verbs: read },
      ],
    });
    expect(inputsOf(standard, `${RBAC}RoleBinding`, "kube-state-metrics")).toMatchObject({
      roleRef: { kind: "Role", name: "kube-state-metrics" },
      subjects: [{ kind: "ServiceAccount", name: "kube-state-metrics", namespace: "apprun-dev" }],
    });
  });

  it("gives a token to that pod and to no other", () => {
    const pods = standard.resources.filter(({ inputs }) => (inputs as Partial<Pods>).spec?.template !== undefined);
    const withToken = pods.filter(
      ({ inputs }) => (inputs as unknown as Pods).spec.template.spec.automountServiceAccountToken,
    );
    expect(pods.length).toBeGreaterThan(10);
    expect(withToken.map(({ name }) => name)).toEqual(["kube-state-metrics"]);
    expect((withToken[0]?.inputs as unknown as Pods).spec.template.spec.serviceAccountName).toBe("kube-state-metrics");
  });

  it("lets that pod reach the API server's ports on the nodes, and nothing else of the cluster", () => {
    const { spec } = inputsOf<{ spec: { egress: object[] } }>(
      standard,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "kube-state-metrics",
    );
    const to = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((cidr) => ({ ipBlock: { cidr } }));
    expect(spec.egress).toEqual([{ to, ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) }]);
  });

  it("is with exporters.kubelets the metrics of nodes too, by a role named after the stack", () => {
    expect(names(withKubelets, "ClusterRole")).toEqual(["prometheus"]);
    expect(inputsOf(withKubelets, `${RBAC}ClusterRole`, "prometheus")).toMatchObject({
      metadata: { name: "apprun-dev-prometheus" },
      rules: [{ resources: ["nodes"] }, { resources: ["nodes/metrics"], verbs: ["get"] }],
    });
  });

  it("stores of the kubelets' metrics only its own namespace's", () => {
    const map = withKubelets.resources.find(({ name }) => name === "prometheus-files")?.inputs["data"] as Record<
      string,
      string
    >;
    const { scrape_configs: jobs } = parse(map["etc_prometheus_prometheus.yml"] ?? "") as {
      scrape_configs: { job_name: string; metric_relabel_configs?: { regex: string; action: string }[] }[];
    };
    const kept = jobs
      .filter(({ job_name: job }) => job.startsWith("kubelet"))
      .map(({ metric_relabel_configs: [first] = [] }) => first);
    expect(kept).toHaveLength(3);
    for (const rule of kept)
      expect(rule).toMatchObject({ action: "keep", regex: expect.stringMatching(/;apprun-dev$/) as string });
  });
});

it("a Docker host has no cluster to read, and says so", () => {
  expect(() => {
    refuseClusterAccess("watcher", appSpec({ clusterAccess: { nodeMetrics: true } }));
  }).toThrow('workload "watcher": got access to a cluster; allowed: none on a Docker host');
  expect(() => {
    refuseClusterAccess("web", appSpec());
  }).not.toThrow();
});
