import { historyShards, TEMPORAL_TYPE } from "../../components/services/temporal/history-shards.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import type { State } from "./state.ts";

/** What a stack had that was deployed before its state said the number, unless its settings did. */
const UNSAID = 4;

/**
 * Refuses another number of history shards than Temporal's database was made with: Temporal keeps its own and says so
 * in its log only, so a setting that means nothing would look as if it did.
 * @throws CliError with the number that the stack has
 */
export function refuseOtherShards({ stack, settings }: Pick<Project, "stack" | "settings">, state: State): void {
  const { temporal, environment } = settings;
  const deployed = (state.resources ?? []).find(({ type }) => type === TEMPORAL_TYPE);
  if (!temporal.enabled || deployed === undefined) return;
  const wanted = historyShards(temporal, environment);
  const known = deployed.outputs?.historyShards;
  // Written down it is the operator's word, and nothing here knows better.
  if (known === undefined && temporal.historyShards !== undefined) return;
  const has = known ?? UNSAID;
  if (wanted === has) return;
  throw new CliError(
    {
      got:
        temporal.historyShards === undefined
          ? `stack ${stack}: apprun:temporal.historyShards is not set, which means ${wanted} for a new stack`
          : `stack ${stack}: apprun:temporal.historyShards: got ${wanted}`,
      allowed: `${has}, with which Temporal's database was made${known === undefined ? " unless the settings had another number then" : ""}: it is fixed at the first start`,
      fix: `nothing was changed: set apprun:temporal.historyShards to ${has}; more shards need a new stack, to which workflows do not move`,
    },
    EXIT.usage,
  );
}
