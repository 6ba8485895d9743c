import { selectImage } from "../../../components/services/catalogue.ts";
import type { ClusterSettings, KubernetesContext } from "../../../components/platform/kubernetes/context.ts";
import type { Endpoint, Resources, WorkloadSpec } from "../../../components/model/workload.ts";

/** A cluster with Traefik where k3s has it, and k3s' addresses. */
export const CLUSTER: ClusterSettings = {
  ingress: {
    class: "traefik",
    controller: "traefik",
    namespace: "kube-system",
    podLabels: { "app.kubernetes.io/name": "traefik" },
    service: "traefik",
  },
  clusterCidrs: ["10.42.0.0/16", "10.43.0.0/16"],
  nodeCidrs: ["192.168.0.0/16"],
};

/** The stack `dev` on such a cluster. */
export const ON_CLUSTER: KubernetesContext = {
  identity: { project: "apprun", stack: "dev" },
  namespace: "apprun-dev",
  cluster: CLUSTER,
};

export const RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
};

/** A small workload of the app tier, with some of its fields changed. */
export function appSpec(changes: Partial<WorkloadSpec<"app">> = {}): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image: selectImage("apprun"),
    resources: RESOURCES,
    runAs: { uid: 10001, gid: 10001 },
    ports: { http: { port: 8080, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/health" },
    ...changes,
  };
}

export function endpoint(workload: string, port: number, changes: Partial<Endpoint<"app">> = {}): Endpoint<"app"> {
  return {
    workload,
    tier: "app",
    exposure: "proxied",
    portName: "http",
    host: workload,
    port,
    address: `${workload}:${port}`,
    zone: "backend",
    memberOf: [changes.zone ?? "backend"],
    replicaHosts: [workload],
    ...changes,
  };
}
