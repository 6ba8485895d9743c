import type { types } from "@pulumi/kubernetes";
import type { Output } from "@pulumi/pulumi";
import type { ClusterBackup, PostgresClusterSpec } from "../../model/postgres-cluster.ts";
import { ownStorageClass, type KubernetesContext } from "./context.ts";
import { API_PORTS, outside } from "./egress.ts";
import { clientLabel, objectLabels, objectMetadata, selectorLabels } from "./labels.ts";
import { placement } from "./placement.ts";

/** CloudNativePG's API and the one of its backup plug-in. */
export const CNPG = {
  group: "postgresql.cnpg.io",
  version: "postgresql.cnpg.io/v1",
  namespace: "cnpg-system",
} as const;
export const BARMAN = {
  group: "barmancloud.cnpg.io",
  version: "barmancloud.cnpg.io/v1",
  plugin: "barman-cloud.cloudnative-pg.io",
} as const;

export const POSTGRES_PORT = 5432;
/** The instance manager's own port, which the operator asks for state. */
const MANAGER_PORT = 8000;

/** Seconds in which all instances must be there: each starts from a copy of the one before. */
const READY_SECONDS = 1200;

/** The Cluster object, which CloudNativePG turns into pods, volumes and Services. */
export function clusterObject(
  context: KubernetesContext,
  name: string,
  spec: PostgresClusterSpec,
  superuserSecret: Output<string>,
) {
  const { identity, namespace, cluster, pullSecret } = context;
  const labels = objectLabels(identity, name, "data");
  return {
    apiVersion: CNPG.version,
    kind: "Cluster",
    metadata: {
      name,
      namespace,
      labels,
      annotations: { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": String(READY_SECONDS) },
    },
    spec: {
      instances: spec.instances,
      imageName: spec.image.reference,
      ...(pullSecret !== undefined && { imagePullSecrets: [{ name: pullSecret }] }),
      // Pods get these, so that policies and clients find them as any other workload.
      inheritedMetadata: { labels },
      enableSuperuserAccess: true,
      superuserSecret: { name: superuserSecret },
      storage: { size: spec.storage, storageClass: cluster.storageClass ?? ownStorageClass(identity) },
      postgresql: { parameters: spec.parameters },
      resources: { requests: { ...spec.resources.requests }, limits: { ...spec.resources.limits } },
      affinity: {
        enablePodAntiAffinity: true,
        podAntiAffinityType: "preferred",
        topologyKey: "kubernetes.io/hostname",
        ...placement(cluster, true),
      },
      seccompProfile: { type: "RuntimeDefault" },
      ...(spec.backup && {
        plugins: [{ name: BARMAN.plugin, isWALArchiver: true, parameters: { barmanObjectName: name } }],
      }),
    },
  };
}

/** Where base backups and write-ahead log go. */
export function objectStore(
  { identity, namespace }: KubernetesContext,
  name: string,
  backup: ClusterBackup,
  secret: Output<string>,
) {
  const key = (key: string) => ({ name: secret, key });
  return {
    apiVersion: BARMAN.version,
    kind: "ObjectStore",
    metadata: objectMetadata({ identity, namespace }, name, "backup"),
    spec: {
      retentionPolicy: backup.retention,
      configuration: {
        destinationPath: backup.destination,
        ...(backup.endpoint && { endpointURL: backup.endpoint }),
        s3Credentials: { accessKeyId: key("ACCESS_KEY_ID"), secretAccessKey: key("SECRET_ACCESS_KEY") },
        wal: { compression: "gzip" },
        data: { compression: "gzip" },
      },
    },
  };
}

export function scheduledBackup({ identity, namespace }: KubernetesContext, name: string, { schedule }: ClusterBackup) {
  return {
    apiVersion: CNPG.version,
    kind: "ScheduledBackup",
    metadata: objectMetadata({ identity, namespace }, name, "backup"),
    spec: {
      schedule,
      // A new cluster has its first backup at once.
      immediate: true,
      backupOwnerReference: "self",
      cluster: { name },
      method: "plugin",
      pluginConfiguration: { name: BARMAN.plugin },
    },
  };
}

/** Clients reach the server, instances each other and the operator all of them; outside are the cluster's API and the object storage. */
export function clusterPolicy(
  { identity, namespace, cluster }: KubernetesContext,
  name: string,
  backup?: ClusterBackup,
): types.input.networking.v1.NetworkPolicy {
  const pods = { podSelector: { matchLabels: selectorLabels(identity, name) } };
  const port = (port: number) => ({ protocol: "TCP", port });
  const client = { podSelector: { matchLabels: { [clientLabel({ workload: name, portName: "postgres" })]: "true" } } };
  const operator = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": CNPG.namespace } } };
  return {
    metadata: objectMetadata({ identity, namespace }, name, "network-policy"),
    spec: {
      podSelector: pods.podSelector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [client], ports: [port(POSTGRES_PORT)] },
        { from: [pods, operator], ports: [port(POSTGRES_PORT), port(MANAGER_PORT)] },
      ],
      egress: [
        { to: [pods], ports: [port(POSTGRES_PORT), port(MANAGER_PORT)] },
        // Of a managed cluster the API may be at a public address.
        ...outside(
          { ...cluster, egressCidrs: [...cluster.nodeCidrs, ...(cluster.egressCidrs ?? [])] },
          [...new Set([...API_PORTS, ...(backup?.endpoint === undefined ? [] : [portOf(backup.endpoint)])])].map(port),
        ),
      ],
    },
  };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
