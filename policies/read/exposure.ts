import { isIP } from "node:net";
import type { PolicyResource } from "../policy.ts";
import { containersOf } from "./container.ts";
import { isData, kubernetesKind, kubernetesLabels } from "./kubernetes.ts";
import { at, list, record, text } from "./values.ts";

/** A port that something outside of the host or the cluster can reach. */
export interface Exposure {
  readonly label: string;
  readonly service: string;
  readonly holdsData: boolean;
  readonly address: string;
  /** Port that is listened on. */
  readonly port: number;
  /** Port of the process behind it. */
  readonly target: number;
}

/** Ports of a resource that listen on more than the loopback. */
export function exposuresOf(resource: PolicyResource): readonly Exposure[] {
  const published = containersOf(resource).flatMap(({ label, service, holdsData, published: ports }) =>
    ports.map((port) => ({ label, service, holdsData, ...port })),
  );
  return [...published, ...servicePorts(resource)]
    .filter(({ address }) => !isLoopback(address))
    .map((exposure) => ({
      ...exposure,
      address: isIP(exposure.address) === 6 ? `[${exposure.address}]` : exposure.address,
    }));
}

/** A load balancer and a node port listen on every node. */
function servicePorts(resource: PolicyResource): readonly Exposure[] {
  const type = text(at(resource.props, "spec", "type"));
  if (kubernetesKind(resource) !== "Service" || (type !== "LoadBalancer" && type !== "NodePort")) return [];
  const labels = kubernetesLabels(resource);
  const common = {
    label: `Service "${resource.name}"`,
    service: text(labels["app.kubernetes.io/name"]) ?? resource.name,
    holdsData: isData(labels),
  };
  return list(at(resource.props, "spec", "ports")).map((entry) => {
    const { port, targetPort, nodePort } = record(entry);
    const listens = type === "NodePort" ? (nodePort ?? port) : port;
    return { ...common, address: `every node (${type})`, port: Number(listens), target: Number(targetPort ?? port) };
  });
}

function isLoopback(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}
