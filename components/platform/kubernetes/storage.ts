import type { types } from "@pulumi/kubernetes";
import type { VolumeSpec } from "../../model/workload.js";
import { ownStorageClass, type KubernetesContext } from "./context.js";
import { objectLabels } from "./labels.js";

/** k3s's own provisioner: a directory on the node where the first pod runs. */
const LOCAL_PATH = "rancher.io/local-path";

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
export function volumeClaim({ identity, namespace, cluster }: KubernetesContext, name: string, spec: VolumeSpec): types.input.core.v1.PersistentVolumeClaim {
  const shared = spec.shared === true ? cluster.sharedStorageClass : undefined;
  // What may be rebuilt goes to the cluster's default class, which deletes it with the claim.
  const storageClassName = shared ?? cluster.storageClass ?? (spec.retention === "data" ? ownStorageClass(identity) : undefined);
  return {
    metadata: { name, namespace, labels: objectLabels(identity, name, spec.retention) },
    spec: {
      accessModes: [shared === undefined ? "ReadWriteOnce" : "ReadWriteMany"],
      ...(storageClassName && { storageClassName }),
      resources: { requests: { storage: spec.size } },
    },
  };
}
