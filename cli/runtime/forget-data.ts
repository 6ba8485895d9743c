import { confirmStack } from "../kit/ask.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import type { Runtime } from "./runtime.ts";
import { droppedData } from "./data-guard.ts";
import { resourceName, type State } from "../engine/state.ts";

/** What the next update takes out of the state, with the operator's word. */
export interface Forgotten {
  readonly urns: readonly string[];
  /** Says what was left, and how to delete it. */
  report(): void;
}

/**
 * Asks for the stack's name: the volumes stay where they are, and the passwords
 * to their data go with the state.
 * @throws CliError for another answer
 */
export async function forgetData(
  project: Project,
  state: State,
  runtime: Pick<Runtime, "removalCommand">,
  confirm: string | undefined,
): Promise<Forgotten> {
  const dropped = droppedData(project, state);
  if (dropped.length === 0) {
    return {
      urns: [],
      report() {
        note("--forget-data: the settings drop no data");
      },
    };
  }
  const names = dropped.map(({ urn }) => resourceName(urn)).join(", ");
  await confirmStack(
    "--forget-data",
    project.stack,
    `The state of stack ${project.stack} forgets ${names}, and the passwords to that data with it.`,
    confirm,
  );
  const kept = dropped.filter(({ retainOnDelete }) => retainOnDelete === true);
  const namesOf = (resources: typeof kept) =>
    resources.flatMap(({ inputs }) => inputs?.name ?? inputs?.metadata?.name ?? []);
  const databases = namesOf(kept.filter(({ type }) => type === "postgresql:index/database:Database"));
  const volumes = namesOf(kept.filter(({ type }) => !type.startsWith("postgresql:")));
  return {
    urns: dropped.map(({ urn }) => urn),
    report() {
      if (volumes.length > 0)
        note(`left where they are: ${volumes.join(", ")}; to delete them: ${runtime.removalCommand(volumes)}`);
      if (databases.length > 0) note(`left on their server with all roles: databases ${databases.join(", ")}`);
    },
  };
}
