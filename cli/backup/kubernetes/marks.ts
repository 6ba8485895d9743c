import type { V1ConfigMap } from "@kubernetes/client-node";
import { found, type Cluster } from "../../runtime/kubernetes/client.ts";
import type { Plain } from "../../runtime/kubernetes/plain.ts";
import type { RestoreMarks } from "../host.ts";

const NAME = "backup-restore";

/** The mark of a restore in the stack's namespace: a volume could only be read by a pod, which every update would wait for. */
export function configMapMarks({ core }: Cluster, namespace: string): RestoreMarks {
  const there = () => found(core.readNamespacedConfigMap({ name: NAME, namespace }));
  return {
    read: async () => (await there())?.data?.["mark"],
    async write(mark) {
      const body: Plain<V1ConfigMap> = { metadata: { name: NAME, namespace }, data: { mark } };
      await ((await there()) === undefined
        ? core.createNamespacedConfigMap({ namespace, body })
        : core.replaceNamespacedConfigMap({ name: NAME, namespace, body }));
    },
    async clear() {
      await found(core.deleteNamespacedConfigMap({ name: NAME, namespace }));
    },
  };
}
