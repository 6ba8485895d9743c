import { credentialsOf } from "../engine/credentials.ts";
import { readStack } from "../engine/read-stack.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { print, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";
import { noteWhoHolds } from "../runtime/lock/hold.ts";

/** Prints how to log in to one service, from the stack's encrypted state. */
export async function credentials(service: string, options: CommonOptions): Promise<void> {
  const project = await loadProject(options);
  const known = Object.keys(project.recording.result.credentials);
  if (!known.includes(service))
    throw new CliError(
      { got: `service: got "${service}"`, allowed: known.join(", "), fix: "name one of them" },
      EXIT.usage,
    );
  await noteWhoHolds(project);
  const found = await credentialsOf(await readStack(project), service);
  if (options.json === true) printJson(found);
  else print(`username: ${found.username}\npassword: ${found.password}`);
}
