import { holdsSecret } from "../../components/model/secret-mark.ts";
import { autoName, type RecordedResource } from "../kit/record.ts";

/** One object and the file that it goes to. */
export interface Manifest {
  /** Sorts in the order in which `kubectl apply --filename DIR` must see the objects. */
  readonly file: string;
  readonly object: KubernetesObject;
}

/** A Secret that the manifests refer to and do not contain. */
export interface SecretReference {
  /** The name that the manifests refer to. */
  readonly name: string;
  readonly keys: readonly string[];
  /** The name of the resource in the program. */
  readonly logicalName: string;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly stringData?: Readonly<Record<string, string>>;
}

/** What others refer to comes first; what only uses comes last. */
const ORDER = [
  "Namespace",
  "StorageClass",
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Secret",
  "ConfigMap",
  "ObjectStore",
  "Service",
  "PodDisruptionBudget",
];

/** Recorded Kubernetes objects as plain manifests, without the Secrets. */
export function manifests(resources: readonly RecordedResource[]): readonly Manifest[] {
  const objects = resources
    .filter(isObject)
    .map(plainObject)
    .filter(({ kind }) => kind !== "Secret");
  const leak = objects.find((object) => holdsSecret(JSON.stringify(object)));
  if (leak !== undefined) throw new Error(`${leak.kind} ${leak.metadata.name} would hold a secret`);
  return objects.map((object) => ({ file: fileName(object), object })).sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The Secrets that the manifests refer to. */
export function secretReferences(resources: readonly RecordedResource[]): readonly SecretReference[] {
  return recordedSecrets(resources)
    .map(({ name: logicalName, inputs }) => {
      const { metadata, stringData = {} } = plainObject({ name: logicalName, inputs });
      return { name: metadata.name, keys: Object.keys(stringData).sort(), logicalName };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A Secret with the values of another recording under the name that the manifests refer to. */
export function secretObject(
  { name, logicalName }: SecretReference,
  resources: readonly RecordedResource[],
): KubernetesObject {
  const recorded = recordedSecrets(resources).find((secret) => secret.name === logicalName);
  if (recorded === undefined) throw new Error(`the other recording has no Secret ${logicalName}`);
  const object = plainObject(recorded);
  return { ...object, metadata: { ...object.metadata, name } };
}

function recordedSecrets(resources: readonly RecordedResource[]): readonly RecordedResource[] {
  return resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
}

function isObject({ inputs }: RecordedResource): boolean {
  return typeof inputs["apiVersion"] === "string";
}

/** `03-networkpolicy-apprun.yaml`. */
export function fileName({ kind, metadata }: KubernetesObject): string {
  const index = ORDER.indexOf(kind);
  const position = String(index === -1 ? ORDER.length : index).padStart(2, "0");
  return `${position}-${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/** Without what only the engine reads. */
function plainObject({ inputs, name: logicalName }: Pick<RecordedResource, "inputs" | "name">): KubernetesObject {
  const { apiVersion, kind, metadata, ...rest } = inputs as unknown as KubernetesObject & {
    metadata: Record<string, unknown>;
  };
  const { annotations = {}, name, ...others } = metadata as { annotations?: Record<string, string>; name?: string };
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/")));
  const named = {
    ...others,
    name: nameOf(kind, name, logicalName, inputs),
    ...(Object.keys(kept).length > 0 && { annotations: kept }),
  };
  return { apiVersion, kind, metadata: named, ...rest };
}

/**
 * What the engine would give a new name with every change has its content's
 * hash in its name here: so has a Job, whose template cannot be changed.
 */
function nameOf(kind: string, name: string | undefined, logicalName: string, inputs: Record<string, unknown>): string {
  if (name !== undefined && kind !== "Job") return name;
  return autoName(logicalName, inputs);
}
