import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import type { InventoryWorkload } from "../../model/inventory.ts";
import type { PostgresClusterSpec } from "../../model/postgres-cluster.ts";
import type { Endpoint } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { objectLabels } from "./labels.ts";
import { CNPG, clusterObject, clusterPolicy, objectStore, POSTGRES_PORT, scheduledBackup } from "./postgres-cluster.ts";

export interface ClusterResources {
  readonly endpoint: Endpoint;
  readonly resource: Resource;
  readonly inventory: InventoryWorkload;
}

/** Registers a CloudNativePG cluster with its network policy, its secrets and its backups. */
export function clusterResources(
  context: KubernetesContext,
  name: string,
  spec: PostgresClusterSpec,
  options: CustomResourceOptions,
  protectData: boolean,
): ClusterResources {
  const metadata = { namespace: context.namespace, labels: objectLabels(context.identity, name, "data") };
  const policy = new k8s.networking.v1.NetworkPolicy(name, clusterPolicy(context, name, spec.backup), options);
  const superuser = new k8s.core.v1.Secret(
    `${name}-superuser`,
    {
      metadata,
      type: "kubernetes.io/basic-auth",
      stringData: { username: "postgres", password: spec.superuserPassword },
    },
    options,
  );
  const backup = spec.backup === undefined ? [] : [backupStore(context, name, spec.backup, options)];
  const cluster = new k8s.apiextensions.CustomResource(
    name,
    clusterObject(context, name, spec, superuser.metadata.name),
    {
      ...options,
      // The operator deletes the volumes with the Cluster.
      protect: protectData,
      retainOnDelete: true,
      dependsOn: [policy, ...backup],
    },
  );
  if (spec.backup !== undefined)
    new k8s.apiextensions.CustomResource(`${name}-schedule`, scheduledBackup(context, name, spec.backup), {
      ...options,
      dependsOn: [cluster],
    });
  return { endpoint: endpoint(name), resource: cluster, inventory: inventory(name, spec) };
}

function backupStore(
  context: KubernetesContext,
  name: string,
  backup: NonNullable<PostgresClusterSpec["backup"]>,
  options: CustomResourceOptions,
): Resource {
  const metadata = { namespace: context.namespace, labels: objectLabels(context.identity, name, "backup") };
  const stringData = { ACCESS_KEY_ID: backup.accessKeyId, SECRET_ACCESS_KEY: backup.secretAccessKey };
  const secret = new k8s.core.v1.Secret(`${name}-backup`, { metadata, stringData }, options);
  return new k8s.apiextensions.CustomResource(
    `${name}-store`,
    objectStore(context, name, backup, secret.metadata.name),
    options,
  );
}

/** The operator's Service of the primary. */
function endpoint(name: string): Endpoint {
  const host = `${name}-rw`;
  return {
    workload: name,
    tier: "data",
    exposure: "internal",
    portName: "postgres",
    host,
    port: POSTGRES_PORT,
    address: `${host}:${POSTGRES_PORT}`,
    zone: "data",
    memberOf: ["data"],
    replicaHosts: [host],
  };
}

function inventory(name: string, { image, instances, resources }: PostgresClusterSpec): InventoryWorkload {
  return {
    kind: "workload",
    name,
    tier: "data",
    zone: "data",
    image: image.name,
    reference: image.reference,
    replicas: instances,
    resources,
    ports: [{ name: "postgres", port: POSTGRES_PORT, exposure: "internal" }],
    connectsTo: [],
    writes: [],
    startsAfter: [],
    instances: [`cluster.${CNPG.group}/${name}`],
  };
}
