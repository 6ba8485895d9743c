import { openStack } from "../engine/open.js";
import { engineOutput } from "../engine/progress.js";
import { printJson } from "../output.js";
import { loadProject, type CommonOptions } from "../project.js";

/** Shows what the engine would change. */
export async function preview(options: CommonOptions): Promise<void> {
  const stack = await openStack(await loadProject(options));
  const { changeSummary } = await stack.preview({ diff: true, ...engineOutput() });
  if (options.json === true) printJson({ stack: options.stack, changes: changeSummary });
}
