import { confirmStack } from "../kit/ask.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import type { State } from "../engine/state.ts";
import { foreignData, refuseForeignData } from "./foreign-data.ts";
import type { Runtime } from "./runtime.ts";

/** What the next update takes up, with the operator's word. */
export interface Taken {
  /** Says what was taken up, and what is left to do. */
  report(): void;
}

/**
 * Asks for the stack's name: what the state has forgotten may be older than the
 * stack's other data.
 * @throws CliError for another answer, and for what cannot be taken up
 */
export async function takeData(
  project: Project,
  state: State,
  runtime: Pick<Runtime, "findData" | "removalCommand">,
  confirm: string | undefined,
): Promise<Taken> {
  const found = await runtime.findData(project);
  refuseForeignData(project, state, found, runtime, true);
  const { volumes } = foreignData(project, state, found);
  if (volumes.length === 0)
    return {
      report() {
        note("--take-data: there is no data that the state does not know");
      },
    };
  const names = volumes.map(({ id }) => id).join(", ");
  await confirmStack(
    "--take-data",
    project.stack,
    `Stack ${project.stack} takes up what ${names} had when the state forgot it.`,
    confirm,
  );
  return {
    report() {
      note(`taken up: ${names}`);
      for (const { id, then } of volumes) if (then !== undefined) note(`${id}: ${then}`);
    },
  };
}
