import type { State, StateResource } from "./state.ts";

/** What a state remembers of where the stack's data is. */
export interface KnownPlace {
  /** The identity of its Docker Engine. `@default -` a cluster, or an older release of the program deployed it */
  readonly engine?: string | undefined;
  /** What the runtime calls the volumes that hold data. */
  readonly data: readonly string[];
}

/** Types of a volume, by the runtime's provider. */
const VOLUMES = new Set(["docker:index/volume:Volume", "kubernetes:core/v1:PersistentVolumeClaim"]);

/**
 * From the stack's outputs and its volumes: a refresh takes a volume that is
 * gone out of the state, and leaves the outputs as they are.
 */
export function knownPlace({ resources = [] }: State): KnownPlace {
  const output = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.place;
  const volumes = resources
    .filter((resource) => VOLUMES.has(resource.type) && resource.retainOnDelete === true && resource.delete !== true)
    .flatMap((resource) => nameOf(resource) ?? []);
  return { engine: output?.engine, data: [...new Set([...(output?.data ?? []), ...volumes])].sort() };
}

function nameOf({ inputs }: StateResource): string | undefined {
  return inputs?.name ?? inputs?.metadata?.name;
}
