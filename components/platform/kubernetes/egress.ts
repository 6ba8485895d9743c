import { BlockList, isIP } from "node:net";
import type { types } from "@pulumi/kubernetes";
import type { ClusterSettings } from "./context.ts";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;
type PolicyPort = types.input.networking.v1.NetworkPolicyPort;

/** What a pod that may reach the outside does not need: nodes, neighbours, and what hands out a cloud machine's credentials. */
const CLOSED = [
  // Private networks: nodes, the API server, and whatever else is beside the cluster.
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  // Between a carrier and its clients; Alibaba's metadata service is 100.100.100.200.
  "100.64.0.0/10",
  // 169.254.169.254 of most clouds, and the addresses beside it.
  "169.254.0.0/16",
  // Azure's agent and Oracle's metadata service.
  "168.63.129.16/32",
  "192.0.0.192/32",
  // The same in IPv6; AWS' metadata service is fd00:ec2::254, Google's fd20:ce::254.
  "fc00::/7",
  "fe80::/10",
] as const;

/** Of the API server: the usual ones of a cluster and of k3s. */
export const API_PORTS: readonly number[] = [443, 6443];

const EVERYBODY = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;
type Family = keyof typeof EVERYBODY;

/** What pods of a stack may reach beyond its own pods. */
export type Surroundings = Pick<ClusterSettings, "clusterCidrs" | "nodeCidrs" | "egressCidrs" | "egressNamespaces">;

/** The way out: the internet, and what the settings open beside it. A cluster without addresses of a family has no way out in it. */
export function outside(cluster: Surroundings, ports?: PolicyPort[]): EgressRule[] {
  const { clusterCidrs, egressCidrs = [], egressNamespaces = [] } = cluster;
  const families = (["ipv4", "ipv6"] as const).filter(
    (family) => family === "ipv4" || clusterCidrs.some((cidr) => familyOf(cidr) === family),
  );
  const closed = closedRanges(cluster);
  const blocks = [
    ...families.map((family) => ({
      cidr: EVERYBODY[family],
      except: closed.filter((cidr) => familyOf(cidr) === family),
    })),
    ...egressCidrs.map((cidr) => ({ cidr, ...exceptIn(cidr, clusterCidrs) })),
  ];
  const namespaces = egressNamespaces.map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  }));
  return [{ to: [...blocks.map((ipBlock) => ({ ipBlock })), ...namespaces], ...(ports && { ports }) }];
}

/** Whether no pod may open a connection to an address. */
export function isClosed(address: string, cluster: Surroundings): boolean {
  const { egressCidrs = [] } = cluster;
  return isIn(address, closedRanges(cluster)) && !isIn(address, egressCidrs);
}

/** The namespace of a Service's name in the cluster, such as `minio.storage.svc.cluster.local`. */
export function namespaceOfService(host: string): string | undefined {
  return /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.[a-z0-9.-]+)?$/.exec(host)?.[1];
}

/** Ranges that no pod reaches; one that is inside another adds nothing. */
function closedRanges({ clusterCidrs, nodeCidrs }: Surroundings): readonly string[] {
  const known = [...clusterCidrs, ...nodeCidrs].filter((cidr) => !isIn(addressOf(cidr), CLOSED));
  return [...new Set([...CLOSED, ...known])];
}

/** Pods and Services stay closed in a range that holds them; only a part of a range can be left out of it. */
function exceptIn(cidr: string, clusterCidrs: readonly string[]): { except?: string[] } {
  const except = clusterCidrs.filter((inner) => prefixOf(inner) > prefixOf(cidr) && isIn(addressOf(inner), [cidr]));
  return except.length > 0 ? { except } : {};
}

function isIn(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const cidr of ranges) list.addSubnet(addressOf(cidr), prefixOf(cidr), familyOf(cidr));
  return list.check(address, familyOf(address));
}

function familyOf(cidr: string): Family {
  return isIP(addressOf(cidr)) === 6 ? "ipv6" : "ipv4";
}

function addressOf(cidr: string): string {
  return cidr.split("/")[0] ?? "";
}

function prefixOf(cidr: string): number {
  return Number(cidr.split("/")[1]);
}
