import type { KubernetesObject } from "@kubernetes/client-node";
import { found, type Cluster } from "../runtime/kubernetes/client.ts";
import type { Project } from "../kit/project.ts";
import type { DoctorFinding } from "./finding.ts";
import {
  isCandidate,
  isGenerated,
  objectFindings,
  strayFinding,
  wantedObjects,
  type ClusterObject,
} from "./objects.ts";

/** Kinds of which one that nobody asked for runs something, opens a way to it or holds data. */
const LOOKED_THROUGH = [
  ["v1", "Pod"],
  ["v1", "Service"],
  ["v1", "PersistentVolumeClaim"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
  ["networking.k8s.io/v1", "Ingress"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
] as const;

/** Every object of the model against the cluster, and what is in its namespace besides. */
export async function clusterObjectFindings(
  cluster: Cluster,
  namespace: string,
  { recording }: Project,
): Promise<readonly DoctorFinding[]> {
  const wanted = wantedObjects(recording.resources);
  const list = (apiVersion: string, kind: string) => listed(cluster, namespace, apiVersion, kind);
  const generated = new Map<string, readonly ClusterObject[]>();
  for (const kind of ["ConfigMap", "Secret"]) generated.set(kind, await list("v1", kind));
  const compared = await Promise.all(
    wanted.map(async (object) => {
      const candidates = isGenerated(object)
        ? (generated.get(object.kind ?? "") ?? []).filter((other) => isCandidate(object, other))
        : [await read(cluster, object)].filter((actual) => actual !== undefined);
      return objectFindings(object, candidates);
    }),
  );
  const strays = await Promise.all(
    LOOKED_THROUGH.map(async ([apiVersion, kind]) => {
      const own = wanted.filter((object) => object.kind === kind);
      return (await list(apiVersion, kind))
        .filter((object) => isForeign(object) && !own.some((other) => isCandidate(other, object)))
        .map(strayFinding);
    }),
  );
  return [...compared.flat(), ...strays.flat()];
}

/** What another object made, such as the pods of a Deployment, is its matter. */
function isForeign({ metadata }: ClusterObject): boolean {
  return (metadata?.ownerReferences ?? []).length === 0 && metadata?.deletionTimestamp === undefined;
}

async function listed(
  cluster: Cluster,
  namespace: string,
  apiVersion: string,
  kind: string,
): Promise<readonly ClusterObject[]> {
  const { items } = await cluster.objects.list(apiVersion, kind, namespace);
  // A list does not repeat the kind in its items.
  return items.map((item) => ({ ...(item as ClusterObject), apiVersion, kind }));
}

async function read(
  cluster: Cluster,
  { apiVersion = "", kind = "", metadata }: ClusterObject,
): Promise<ClusterObject | undefined> {
  const { name = "", namespace = "default" } = metadata ?? {};
  return found(cluster.objects.read({ apiVersion, kind, metadata: { name, namespace } }).catch(asMissing));
}

/** A kind that the cluster does not know is told by another error. */
function asMissing(problem: unknown): KubernetesObject {
  const unknown = problem instanceof Error && problem.message.startsWith("Unrecognized API version and kind");
  throw unknown ? Object.assign(problem, { code: 404 }) : problem;
}
