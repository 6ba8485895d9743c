import { CliError } from "../exit.js";
import type { Project } from "../project.js";
import type { Runtime } from "../runtime/runtime.js";
import { resourceName, type State } from "./state.js";

/**
 * Refuses to touch a place that has data of a stack with this name which the
 * state did not make: another clone runs it, or the state was lost. Its
 * passwords and keys are in that other state, and its containers are not ours
 * to remove. `there` are the volumes of the place.
 * @throws CliError that names the volumes
 */
export function refuseForeignData({ stack, recording }: Project, state: State, there: readonly string[], runtime: Pick<Runtime, "removalCommand">): void {
  const resources = [...(state.resources ?? []), ...(state.pending_operations ?? []).map(({ resource }) => resource)];
  const known = new Set(resources.map(({ inputs }) => inputs?.name ?? inputs?.metadata?.name));
  const foreign = recording.result.inventory.volumes
    .filter(({ id, retention }) => retention === "data" && there.includes(id) && !known.has(id))
    .map(({ id }) => id);
  if (foreign.length === 0) return;
  throw new CliError(
    `stack ${stack}: there are data volumes that this state did not make: ${foreign.join(", ")}; allowed: volumes of this state, which has the secrets that they need; ` +
      `nothing was changed: bring back the state that made them (\`.apprun\` of another clone, or its backend), or remove what is not needed with: ${runtime.removalCommand(foreign)}`,
  );
}

/**
 * Refuses an update that would drop data volumes or their secrets, because a
 * service is switched off or an older major's volume is no longer kept. The
 * engine would refuse too, but only after it changed other things. `released`
 * are those that the operator let go of.
 * @throws CliError that names them and says how to let go of them
 */
export function refuseDroppedData({ stack, recording }: Project, { resources = [] }: State, released: readonly string[] = []): void {
  const wanted = new Set(recording.resources.map(({ type, name }) => `${type}::${name}`));
  const dropped = resources
    .filter(({ urn, protect }) => protect === true && !released.includes(urn) && !wanted.has(urn.slice(urn.lastIndexOf("$") + 1)))
    .map(({ urn }) => urn)
    .sort();
  if (dropped.length === 0) return;
  throw new CliError(
    `stack ${stack}: the settings would drop what holds data or belongs to it: ${dropped.map(resourceName).join(", ")}; ` +
      `allowed: settings that keep them; nothing was changed: undo the change, or let go of them with the commands below, which leave the volumes on the host:\n` +
      dropped.map((urn) => `  pulumi state unprotect '${urn}'`).join("\n") +
      (dropped.some((urn) => /^postgres-\d+$/.test(resourceName(urn))) ? "\nthe volume that an upgrade of PostgreSQL left: npm run up -- --remove-old" : ""),
  );
}
