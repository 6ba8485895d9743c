import { permitted, type Cluster } from "./client.ts";
import { labelsText } from "./ingress-check.ts";
import { fullReference } from "./push-to-node.ts";

/** How many images a kubelet names, by default; the largest first (`nodeStatusMaxImages`). */
const MOST_NAMED = 50;

/** Which images the nodes have, as far as the cluster's API says it. */
export interface ImagesThere {
  has(reference: string): boolean;
  /** Whether an image that is not named here is on no node. */
  readonly isWhole: boolean;
  /** Such as `linux/amd64`; empty where this kubeconfig may not read nodes. */
  readonly platforms: readonly string[];
}

/** Asks for what the kubelets of the stack's nodes name, and for what runs in the namespace: a kubelet with many images does not name all of them. */
export async function imagesThere(
  { core }: Pick<Cluster, "core">,
  namespace: string,
  nodeSelector: Readonly<Record<string, string>> = {},
): Promise<ImagesThere> {
  const labelSelector = labelsText(nodeSelector);
  const [nodes, pods] = await Promise.all([
    permitted(core.listNode({ labelSelector })),
    core.listNamespacedPod({ namespace }),
  ]);
  const named = nodes?.items.map(({ status }) => status?.images ?? []);
  const started = pods.items.flatMap(({ status }) =>
    [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(({ image, imageID }) =>
      imageID === "" ? [] : [nameOf(image)],
    ),
  );
  const all = new Set([...started, ...(named ?? []).flatMap((images) => images.flatMap(({ names }) => names ?? []))]);
  return {
    has: (reference) => all.has(nameOf(reference)),
    isWhole: named?.every((images) => images.length < MOST_NAMED) ?? false,
    platforms: [
      ...new Set(
        nodes?.items.flatMap(({ status }) =>
          status?.nodeInfo === undefined ? [] : [`${status.nodeInfo.operatingSystem}/${status.nodeInfo.architecture}`],
        ),
      ),
    ],
  };
}

/** As a node names it: by the digest alone where there is one. */
function nameOf(reference: string): string {
  const [tagged = "", digest] = fullReference(reference).split("@");
  return digest === undefined ? tagged : `${tagged.replace(/:[^/:]+$/, "")}@${digest}`;
}
