import type { V1Node } from "@kubernetes/client-node";
import type Docker from "dockerode";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import { localPlatformProblem, type LocalImage } from "../docker/push-image.ts";
import { thinned } from "../docker/thinned.ts";
import { pushProgress, type Sent } from "../push-progress.ts";
import type { Cluster } from "./client.ts";
import { importOnNode, machineId, type NodeAddress } from "./push-to-node.ts";

/**
 * Brings an image from an engine into the containerd of a cluster's nodes, one after the other, by ssh: the cluster's
 * API has no way for it but a privileged pod, which the stack's own policies refuse. The whole archive is sent.
 * @throws CliError before anything is sent for a machine that is no node of the cluster, and for another platform
 */
export async function pushToNodes(
  source: Docker,
  cluster: Pick<Cluster, "server" | "core">,
  nodes: readonly NodeAddress[],
  { reference, image }: { readonly reference: string; readonly image: LocalImage },
): Promise<Sent> {
  const { items } = await cluster.core.listNode();
  for (const node of nodes) requireNode(node, await machineId(node), items, cluster.server, { reference, image });
  let sent = 0;
  for (const [index, node] of nodes.entries()) {
    note(`sending to node ${index + 1} of ${nodes.length}: ${node.text}`);
    const { archive, count } = thinned(await source.getImage(reference).get(), new Set());
    const ended = pushProgress(count, image.size);
    try {
      await importOnNode(node, reference, archive);
    } finally {
      ended();
    }
    sent += count.sent;
  }
  return { sent, skipped: 0 };
}

/** What runs elsewhere would be of no use, and what it holds is nobody's business here. */
function requireNode(
  { text }: NodeAddress,
  id: string,
  nodes: readonly V1Node[],
  server: string,
  { reference, image }: { readonly reference: string; readonly image: LocalImage },
): void {
  const info = nodes.find(({ status }) => status?.nodeInfo?.machineID === id)?.status?.nodeInfo;
  const names = nodes.map(({ metadata }) => metadata?.name ?? "");
  const problem =
    info === undefined
      ? {
          got: `--node: got ${text}, whose machine is no node of the cluster at ${server}`,
          allowed: `the machine of one of its nodes: ${names.join(", ")}`,
          fix: "nothing was sent: name another",
        }
      : localPlatformProblem(reference, image, text, `${info.operatingSystem}/${info.architecture}`);
  if (problem !== undefined) throw new CliError(problem, EXIT.usage);
}
