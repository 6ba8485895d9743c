import type { InventoryVolume } from "../../components/model/inventory.ts";
import type { Project } from "../kit/project.ts";
import type { State } from "../engine/state.ts";
import { refuseUnknownData, unknownData, unknownTo } from "./data-guard.ts";
import type { FoundVolume, Runtime } from "./runtime.ts";

/** One that the state does not know. */
export interface ForeignVolume {
  readonly id: string;
  /** Why it cannot be taken up. `@default -` it can */
  readonly never?: string;
  /** What is to be done once it is taken up. `@default -` nothing */
  readonly then?: string;
}

export interface ForeignData {
  readonly volumes: readonly ForeignVolume[];
  /** Whether the state knows none of the stack's data that is there: it was lost, or is another clone's. */
  readonly isStateLost: boolean;
}

/** What the settings want, the place has and the state does not know. */
export function foreignData(
  { recording }: Pick<Project, "recording">,
  state: State,
  found: readonly FoundVolume[],
): ForeignData {
  const unknown = new Set(
    unknownTo(
      state,
      found.map(({ id }) => id),
    ),
  );
  const wanted = new Map(recording.result.inventory.volumes.map((volume) => [volume.id, volume]));
  return {
    volumes: found.filter(({ id }) => unknown.has(id)).map((volume) => foreignVolume(volume, wanted.get(volume.id))),
    isStateLost: unknown.size === found.length,
  };
}

function foreignVolume({ id, strange }: FoundVolume, volume: InventoryVolume | undefined): ForeignVolume {
  const { never, then } = { never: undefined, then: undefined, ...volume?.ifForgotten };
  const barred = never ?? strange;
  return { id, ...(barred !== undefined && { never: barred }), ...(then !== undefined && { then }) };
}

/**
 * Refuses to touch a place that has data of a stack with this name which the
 * state did not make: another clone runs it, or the state was lost. Its
 * passwords and keys are in that other state, and its containers are not ours
 * to remove. What a state that is whole has forgotten may be taken up, where
 * the operator says so and every volume allows it.
 * @throws CliError that names the volumes, with the ways on
 */
export function refuseForeignData(
  { stack, recording }: Pick<Project, "stack" | "recording">,
  state: State,
  found: readonly FoundVolume[],
  runtime: Pick<Runtime, "removalCommand">,
  takeData = false,
): void {
  const { volumes, isStateLost } = foreignData({ recording }, state, found);
  if (isStateLost)
    refuseUnknownData(
      stack,
      state,
      volumes.map(({ id }) => id),
      runtime,
    );
  const barred = volumes.filter(({ never }) => never !== undefined);
  if (volumes.length === 0 || (takeData && barred.length === 0)) return;
  const names = (some: readonly ForeignVolume[]) => some.map(({ id }) => id);
  const others =
    barred.length > 0 && barred.length < volumes.length ? "; then take up the others: npm run up -- --take-data" : "";
  const whyNot = barred.map(({ id, never }) => `${id} cannot be taken up (${never ?? ""})`).join(", ");
  const remove = runtime.removalCommand(names(barred.length === 0 ? volumes : barred));
  throw unknownData(
    stack,
    names(volumes),
    `remove what is not needed with: ${remove}${others}`,
    barred.length === 0 ? "take them up as they are: npm run up -- --take-data; or " : `${whyNot}; `,
  );
}
