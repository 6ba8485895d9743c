import type { V1DeleteOptions, V1Lease } from "@kubernetes/client-node";
import { LABELS, physicalName, qualifiedName, type StackIdentity } from "../../../components/model/identity.ts";
import type { Plain } from "./plain.ts";
import { readHolder, writeHolder, type LockStore } from "../lock/holder.ts";
import { found, type Cluster } from "./client.ts";

/** There is one in every cluster: the stack's own comes with the first update and goes with the last. */
const NAMESPACE = "default";
const HOLDER = "apprun.io/lock-holder";
const CONFLICT = 409;

/** A stack's lock in a cluster: a Lease, which the API server makes once and removes only as it was read. */
export function lockLease({ coordination }: Cluster, identity: StackIdentity): LockStore {
  const name = physicalName(identity, "lock");
  const there = () => found(coordination.readNamespacedLease({ name, namespace: NAMESPACE }));
  const holderOf = (lease: V1Lease | undefined) => lease && readHolder(lease.metadata?.annotations?.[HOLDER]);
  return {
    read: async () => holderOf(await there()),
    async take(holder) {
      const body: Plain<V1Lease> = {
        metadata: {
          name,
          namespace: NAMESPACE,
          labels: { "app.kubernetes.io/managed-by": "apprun", "app.kubernetes.io/part-of": identity.project },
          annotations: { [LABELS.stack]: qualifiedName(identity), [HOLDER]: writeHolder(holder) },
        },
        spec: { holderIdentity: `${holder.user}@${holder.host}` },
      };
      try {
        await coordination.createNamespacedLease({ namespace: NAMESPACE, body });
      } catch (error) {
        if ((error as { code?: number }).code !== CONFLICT) throw error;
      }
      return holderOf(await there()) ?? readHolder(undefined);
    },
    async release({ token }) {
      const lease = await there();
      if (holderOf(lease)?.token !== token) return;
      const uid = lease?.metadata?.uid ?? "";
      const body: Plain<V1DeleteOptions> = { preconditions: { uid } };
      await found(coordination.deleteNamespacedLease({ name, namespace: NAMESPACE, body })).catch((error: unknown) => {
        // Another took it in the meantime.
        if ((error as { code?: number }).code !== CONFLICT) throw error;
      });
    },
  };
}
