import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import type { VolumeSpec } from "../../model/volume.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";
import { ownStorageClass, type KubernetesContext } from "./context.ts";
import { NO_AWAIT, objectLabels, objectMetadata } from "./labels.ts";

/** The type of a volume claim in a recording and in the state. */
export const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

/** A volume claim as a recording has it: every input resolved. */
export type RecordedClaim = Unwrap<types.input.core.v1.PersistentVolumeClaim>;

/** The volume claims among recorded resources. */
export function recordedClaims(
  resources: readonly { readonly type: string; readonly inputs: unknown }[],
): readonly RecordedClaim[] {
  return resources.filter(({ type }) => type === CLAIM).map(({ inputs }) => inputs as RecordedClaim);
}

/** k3s's own provisioner: a directory on the node where the first pod runs. */
export const LOCAL_PATH = "rancher.io/local-path";

/** The stack's own class. The one that k3s brings deletes a volume's data with its claim. */
export function storageClass({ identity }: KubernetesContext): types.input.storage.v1.StorageClass {
  return {
    metadata: { name: ownStorageClass(identity), labels: objectLabels(identity, "data", "storage") },
    provisioner: LOCAL_PATH,
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
  };
}

/** A volume that several replicas share needs a class that many nodes can write to; without one they share a node. */
export function volumeClaim(
  { identity, namespace, cluster }: KubernetesContext,
  name: string,
  spec: VolumeSpec,
): types.input.core.v1.PersistentVolumeClaim {
  const shared = spec.shared === true ? cluster.sharedStorageClass : undefined;
  // What may be rebuilt goes to the cluster's default class, which deletes it with the claim.
  const storageClassName =
    shared ?? cluster.storageClass ?? (spec.retention === "data" ? ownStorageClass(identity) : undefined);
  return {
    metadata: {
      ...objectMetadata({ identity, namespace }, name, spec.retention),
      // The provider waits until a new claim is Pending. One that is taken up is Bound already, and it waited for five minutes.
      ...(spec.retention === "data" && { annotations: NO_AWAIT }),
    },
    spec: {
      accessModes: [shared === undefined ? "ReadWriteOnce" : "ReadWriteMany"],
      ...(storageClassName && { storageClassName }),
      resources: { requests: { storage: spec.size } },
    },
  };
}

/** Why replicas cannot spread over nodes: they share a volume that one node at a time can write to. */
export function together({ cluster }: KubernetesContext, { mounts = [] }: AnyWorkloadSpec): string | undefined {
  const shared =
    cluster.sharedStorageClass === undefined ? mounts.find(({ volume }) => volume.spec.shared === true) : undefined;
  return (
    shared &&
    `all replicas on one node: they share volume ${shared.volume.name}; kubernetes.sharedStorageClass lets them spread`
  );
}
