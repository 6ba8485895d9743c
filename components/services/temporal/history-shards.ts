import type { Environment } from "../../settings/kit/environment.ts";

/** The component's type, by which a state is asked what it was made with. */
export const TEMPORAL_TYPE = "apprun:service:Temporal";

/** What Temporal's guide takes for a small production cluster: it is fixed at the first start, and 4 keep one busy server back. */
const LASTING = 512;
/** Enough for stacks that come and go; each shard costs an idle server memory and queries. */
const FEW = 4;

/** How many shards the histories of workflows are spread over. */
export function historyShards(
  { historyShards: given }: { readonly historyShards?: number | undefined },
  { kind }: Pick<Environment, "kind">,
): number {
  return given ?? (kind === "prod" ? LASTING : FEW);
}
