import { expect, it } from "vitest";
import { clusterProblems, clusterWeaknesses } from "../../../../cli/runtime/kubernetes/cluster-check.ts";
import { controllerFacts } from "../../../../cli/runtime/kubernetes/cluster-facts.ts";
import { controllerProblems, controllerWeaknesses } from "../../../../cli/runtime/kubernetes/ingress-check.ts";
import { phrase } from "../../../../components/model/problem.ts";

const NEEDS = {
  controller: "traefik",
  namespace: "kube-system",
  podLabels: { "app.kubernetes.io/name": "traefik", tier: "edge" },
  addresses: [],
  countsAddresses: true,
  behindTunnel: false,
} as const;

it.each([
  "rancher/mirrored-library-traefik:2.11.20",
  "traefik:v2.10",
  "docker.io/library/traefik:v1.7-alpine",
  "traefik:2",
  "docker.io/library/traefik:2-alpine",
  "registry.example.com/mirror/traefik:v2.11.3",
])("Traefik %s is refused: it drops rules that it does not know", (image) => {
  expect(controllerProblems({ images: [image] }, NEEDS).map(phrase)).toEqual([
    `kubernetes.ingress.controller traefik: got ${image} in namespace kube-system, which drops the rules of body limits and hidden paths; allowed: Traefik 3; update it: k3s brings it since 1.32, Traefik's chart since 28`,
  ]);
});

it.each([
  "rancher/mirrored-library-traefik:3.3.6",
  "traefik:v3.5@sha256:2f1d",
  "registry.example.com:5000/traefik:v30.1",
  "registry.example.com/traefik@sha256:2f1d",
  "registry.example.com/sidecar:v2.1",
  "registry.example.com/platform/traefik:1",
])("%s is not", (image) => {
  expect(controllerProblems({ images: [image] }, NEEDS)).toEqual([]);
});

it("another controller has versions of its own", () => {
  expect(controllerProblems({ images: ["traefik:v2.10"] }, { ...NEEDS, controller: "other" })).toEqual([]);
});

it("labels that no pod has are named, because policies let nobody else in", () => {
  expect(controllerWeaknesses({ images: [] }, NEEDS).map(phrase)).toEqual([
    "kubernetes.ingress: no pod in namespace kube-system has the labels app.kubernetes.io/name=traefik,tier=edge, so network policies let nobody in to the pages; allowed: namespace and labels of the controller's pods; set kubernetes.ingress.namespace and podLabels",
  ]);
  expect(controllerWeaknesses({}, NEEDS)).toEqual([]);
});

it("a controller on its node's own network needs the addresses that it comes from", () => {
  const facts = { images: ["traefik:v3.5"], onHostNetwork: true };
  expect(controllerWeaknesses(facts, NEEDS).map(phrase)).toEqual([
    'kubernetes.ingress.addresses: got nothing, and the controller in namespace kube-system is on its node\'s own network, where policies see no pod and let nobody in to the pages; allowed: the addresses that its requests come from: those of the nodes, and with flannel the first two of each node\'s pods; set it, such as ["192.168.1.0/24", "10.42.0.0/31"]',
  ]);
  expect(controllerWeaknesses(facts, { ...NEEDS, addresses: ["192.168.1.0/24"] })).toEqual([]);
});

it("addresses of clients that something hides are named, where rates count by them", () => {
  const facts = { images: ["traefik:v3.5"], hiddenBy: "k3s' ServiceLB" };
  expect(controllerWeaknesses(facts, NEEDS).map(phrase)).toEqual([
    "limits.rates: k3s' ServiceLB hides the addresses of clients, so all of them together have the rate of one; allowed: a way in that shows them; set limits.clients to together, or run the controller on the nodes' own network, or behind a balancer that names each client (apprun:front)",
  ]);
  expect(controllerWeaknesses(facts, { ...NEEDS, countsAddresses: false })).toEqual([]);
});

it("the images are those of the pods with the labels, where the kubeconfig may see them", async () => {
  const asked: unknown[] = [];
  const core = (answer: () => Promise<unknown>, services: object[] = [], balancers: object[] = []) =>
    ({
      apps: { listNamespacedDaemonSet: () => Promise.resolve({ items: balancers }) },
      core: {
        listNamespacedService: () => Promise.resolve({ items: services }),
        listNamespacedPod: (request: unknown) => {
          asked.push(request);
          return answer();
        },
      },
    }) as unknown as Parameters<typeof controllerFacts>[0];
  const pod = { spec: { hostNetwork: true, containers: [{ name: "traefik", image: "traefik:v3.5" }] } };
  expect(
    await controllerFacts(
      core(() => Promise.resolve({ items: [pod, pod] })),
      NEEDS,
    ),
  ).toEqual({
    images: ["traefik:v3.5"],
    onHostNetwork: true,
    openBy: [],
  });
  expect(
    await controllerFacts(
      core(() => Promise.reject(Object.assign(new Error(), { code: 403 }))),
      NEEDS,
    ),
  ).toEqual({});
  const pods = () => Promise.resolve({ items: [pod] });
  const service = (policy: string, selector: object = NEEDS.podLabels) => ({
    metadata: { name: "traefik" },
    spec: { type: "LoadBalancer", selector, externalTrafficPolicy: policy },
  });
  const balancer = { metadata: { labels: { "svccontroller.k3s.cattle.io/svcname": "traefik" } } };
  const facts = (...given: [object[], object[]?]) => controllerFacts(core(pods, ...given), NEEDS);
  const hidden = async (...given: [object[], object[]?]) => (await facts(...given)).hiddenBy;
  expect(await hidden([service("Local")], [balancer])).toBe("k3s' ServiceLB");
  expect(await hidden([service("Cluster")])).toBe("the Service traefik, whose externalTrafficPolicy is not Local,");
  expect(await hidden([service("Local")])).toBeUndefined();
  expect(await hidden([service("Cluster", { app: "other" })], [balancer])).toBeUndefined();
  expect((await facts([service("Local")])).openBy).toEqual(["Service traefik (LoadBalancer)"]);
  expect(
    (await facts([{ ...service("Local"), spec: { type: "ClusterIP", selector: NEEDS.podLabels } }])).openBy,
  ).toEqual([]);
  expect(asked[0]).toEqual({ namespace: "kube-system", labelSelector: "app.kubernetes.io/name=traefik,tier=edge" });
});

it("a way around the tunnel is named, where there is one", () => {
  const facts = { images: ["traefik:v3.5"], openBy: ["Service traefik (LoadBalancer)"] };
  const behind = { ...NEEDS, countsAddresses: false, behindTunnel: true };
  expect(controllerWeaknesses(facts, behind).map(phrase)).toEqual([
    "cloudflare.origin tunnel: the ingress controller takes requests from outside as well, by Service traefik (LoadBalancer), and those go around Cloudflare; allowed: a controller that only the cluster reaches; give its Service the type ClusterIP (with k3s by a HelmChartConfig), or close its ports by a firewall",
  ]);
  expect(controllerWeaknesses({ ...facts, openBy: [] }, behind)).toEqual([]);
  expect(controllerWeaknesses(facts, NEEDS)).toEqual([]);
});

it("both are part of what is checked before an update, as is an old version of Kubernetes", () => {
  const facts = {
    version: "1.33",
    storageClasses: [],
    ingressClasses: ["traefik"],
    customKinds: [],
    claims: [],
    controller: { images: ["traefik:v2.10"] },
    placement: { volumes: [] },
  };
  const needs = {
    storageClasses: [],
    ingressClass: "traefik",
    customKinds: [],
    claims: [],
    controller: NEEDS,
    placement: {},
  };
  expect(clusterProblems(facts, needs)).toHaveLength(1);
  expect(clusterWeaknesses({ ...facts, controller: { images: [] } }, needs).map(phrase)).toEqual([
    "Kubernetes: got version 1.33, which gets no more fixes; allowed: 1.34 or newer; update the cluster",
    expect.stringContaining("no pod in namespace kube-system"),
  ]);
  expect(clusterWeaknesses({ ...facts, version: "1.34" }, needs)).toEqual([]);
});
