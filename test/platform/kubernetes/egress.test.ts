import { describe, expect, it } from "vitest";
import {
  isClosed,
  namespaceOfService,
  outside,
  type Surroundings,
} from "../../../components/platform/kubernetes/egress.ts";
import { allowDns, routePolicy, solverPolicy } from "../../../components/platform/kubernetes/network-policy.ts";
import { clusterPolicy } from "../../../components/platform/kubernetes/postgres-cluster.ts";
import type { ClusterSettings } from "../../../components/platform/kubernetes/context.ts";
import { wayInOf } from "../../support/record/stacks.ts";
import { endpoint } from "../../support/record/specs.ts";

const K3S: Surroundings = {
  clusterCidrs: ["10.42.0.0/16", "10.43.0.0/16"],
  nodeCidrs: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
};
const IPV4 = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "168.63.129.16/32",
  "192.0.0.192/32",
];

const context = (cluster: Partial<ClusterSettings>) => ({
  identity: { project: "apprun", stack: "prod" },
  namespace: "apprun-prod",
  cluster: {
    ...K3S,
    ingress: {
      class: "traefik",
      controller: "traefik" as const,
      namespace: "edge",
      podLabels: { app: "traefik" },
      service: "traefik",
    },
    ...cluster,
  },
});

describe("the way out of a pod", () => {
  it("is the internet, and nothing of IPv6 in a cluster that has none", () => {
    expect(outside(K3S)).toEqual([{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: IPV4 } }] }]);
  });

  it("is the one of IPv6 too in a cluster with both, without its pods at public addresses", () => {
    const both = { ...K3S, clusterCidrs: [...K3S.clusterCidrs, "2001:db8:42::/56"], nodeCidrs: ["203.0.113.0/24"] };
    expect(outside(both)).toEqual([
      {
        to: [
          { ipBlock: { cidr: "0.0.0.0/0", except: [...IPV4, "203.0.113.0/24"] } },
          { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10", "2001:db8:42::/56"] } },
        ],
      },
    ]);
  });

  it("has what the settings open, and in it no pods of the cluster", () => {
    const opened = { ...K3S, egressCidrs: ["10.0.0.0/8", "192.168.7.0/24"], egressNamespaces: ["storage"] };
    expect(outside(opened)[0]?.to).toEqual([
      { ipBlock: { cidr: "0.0.0.0/0", except: IPV4 } },
      { ipBlock: { cidr: "10.0.0.0/8", except: ["10.42.0.0/16", "10.43.0.0/16"] } },
      { ipBlock: { cidr: "192.168.7.0/24" } },
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "storage" } } },
    ]);
  });

  it.each([
    ["169.254.169.254", true],
    ["100.100.100.200", true],
    ["192.0.0.192", true],
    ["168.63.129.16", true],
    ["fd00:ec2::254", true],
    ["fd20:ce::254", true],
    ["10.1.2.3", true],
    ["203.0.113.9", false],
    ["2001:db8::9", false],
    ["192.168.7.9", false],
  ])("at %s it is closed: %s", (address, closed) => {
    expect(isClosed(address, { ...K3S, egressCidrs: ["192.168.7.0/24"] })).toBe(closed);
  });

  it.each([
    ["minio.storage.svc", "storage"],
    ["minio.storage.svc.cluster.local", "storage"],
    ["minio.storage.svc.example.com", "storage"],
    ["s3.eu-central-1.amazonaws.com", undefined],
    ["minio", undefined],
  ])("the Service %s is in namespace %s", (host, namespace) => {
    expect(namespaceOfService(host)).toBe(namespace);
  });
});

describe("what an operator's database cluster reaches", () => {
  const backup = { destination: "s3://backups/prod", endpoint: "http://10.9.0.4:9000", retention: "30d" } as never;
  const ports = (given?: never) =>
    (clusterPolicy(context({}), "postgres", given).spec as { egress: { ports: { port: number }[] }[] }).egress.map(
      (rule) => rule.ports.map(({ port }) => port),
    );

  it("is its instances, the cluster's API and the port of its object storage", () => {
    expect(ports()).toEqual([
      [5432, 8000],
      [443, 6443],
    ]);
    expect(ports(backup)[1]).toEqual([443, 6443, 9000]);
  });
});

describe("what stands beside a stack", () => {
  it("with certificates by cert-manager has a policy for its solvers, and without none", async () => {
    const named = async (values: object) =>
      (await wayInOf({ platform: "kubernetes", domain: "example.com", ...values })).resources
        .filter(({ type }) => type.endsWith(":NetworkPolicy"))
        .map(({ name }) => name);
    const acme = { tls: { mode: "acme" }, kubernetes: { ingress: { clusterIssuer: "letsencrypt" } } };
    expect(await named(acme)).toContain("acme-solver");
    expect(await named({})).not.toContain("acme-solver");
  });

  it("name servers that are no pods of kube-dns answer every pod", () => {
    const to = (dnsAddresses: readonly string[]) =>
      (allowDns(context({ dnsAddresses })).spec as { egress: { to: object[] }[] }).egress[0]?.to.slice(1);
    expect(to(["169.254.20.10", "fd00::a"])).toEqual([
      { ipBlock: { cidr: "169.254.20.10/32" } },
      { ipBlock: { cidr: "fd00::a/128" } },
    ]);
  });

  it("a controller on its node's own network is let in by its addresses, to pages and to cert-manager's solvers", () => {
    const ingress = { ...context({}).cluster.ingress, addresses: ["192.168.1.0/24"] };
    const from = [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } },
        podSelector: { matchLabels: { app: "traefik" } },
      },
      { ipBlock: { cidr: "192.168.1.0/24" } },
    ];
    expect(routePolicy(context({ ingress }), "app", endpoint("apprun", 8080)).spec).toMatchObject({
      ingress: [{ from, ports: [{ port: 8080 }] }],
    });
    expect(solverPolicy(context({ ingress })).spec).toEqual({
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      policyTypes: ["Ingress"],
      ingress: [{ from, ports: [{ protocol: "TCP", port: 8089 }] }],
    });
  });
});
