import { CliError } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import type { Runtime } from "./runtime.ts";
import { resourceName, type State, type StateResource } from "../engine/state.ts";

/** Those of these volumes that a state did not make. */
export function unknownTo(
  { resources = [], pending_operations = [] }: State,
  volumes: readonly string[],
): readonly string[] {
  const all = [...resources, ...pending_operations.map(({ resource }) => resource)];
  const known = new Set(all.map(({ inputs }) => inputs?.name ?? inputs?.metadata?.name));
  return volumes.filter((id) => !known.has(id));
}

/**
 * Refuses volumes of data that the state did not make.
 * @throws CliError that names them
 */
export function refuseUnknownData(
  stack: string,
  state: State,
  volumes: readonly string[],
  runtime: Pick<Runtime, "removalCommand">,
): void {
  const foreign = unknownTo(state, volumes);
  if (foreign.length === 0) return;
  throw unknownData(stack, foreign, `remove what is not needed with: ${runtime.removalCommand(foreign)}`);
}

/** The error of volumes that a state did not make: what can be done besides bringing that state back, and before. */
export function unknownData(stack: string, volumes: readonly string[], otherwise: string, first = ""): CliError {
  return new CliError({
    got: `stack ${stack}: there are data volumes that this state did not make: ${volumes.join(", ")}`,
    allowed: "volumes of this state, which has the secrets that they need",
    fix: `nothing was changed: ${first}bring back the state that made them (\`.apprun\` of another clone, or its backend), or ${otherwise}`,
  });
}

/** They stay on their server and hold nothing. */
const PRIVILEGES = /^postgresql:index\/(grant|grantRole|defaultPrivileges):/;

/**
 * What holds data, or is protected with it, that the settings no longer have: a
 * service is switched off, or an older major's volume is no longer kept.
 */
export function droppedData(
  { recording }: Pick<Project, "recording">,
  { resources = [] }: State,
): readonly StateResource[] {
  const wanted = new Set(recording.resources.map(({ type, name }) => `${type}::${name}`));
  return resources.filter(
    ({ urn, type, protect, retainOnDelete }) =>
      (protect === true || (retainOnDelete === true && !PRIVILEGES.test(type))) &&
      !wanted.has(urn.slice(urn.lastIndexOf("$") + 1)),
  );
}

/**
 * Refuses an update that would drop data volumes or their secrets. The engine
 * would refuse what is protected, but only after it changed other things; of
 * the rest it would forget the volume and the passwords to its data, and no
 * later update could take it up again. `released` are those that the operator let go of.
 * @throws CliError that names them and says how to let go of them
 */
export function refuseDroppedData(
  project: Pick<Project, "stack" | "recording">,
  state: State,
  released: readonly string[] = [],
): void {
  const dropped = droppedData(project, state)
    .map(({ urn }) => urn)
    .filter((urn) => !released.includes(urn))
    .map(resourceName);
  if (dropped.length === 0) return;
  throw new CliError({
    got: `stack ${project.stack}: the settings would drop what holds data or belongs to it: ${dropped.sort().join(", ")}`,
    allowed: "settings that keep them",
    fix:
      "nothing was changed: undo the change, or drop them from the state and keep the volumes: npm run up -- --forget-data" +
      (dropped.some((name) => /^postgres-\d+(-wal)?$/.test(name))
        ? "\nthe volume that an upgrade of PostgreSQL left: npm run up -- --remove-old"
        : ""),
  });
}
