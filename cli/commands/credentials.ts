import { credentialsOf } from "../engine/credentials.js";
import { openStack } from "../engine/open.js";
import { CliError, EXIT } from "../exit.js";
import { print, printJson } from "../output.js";
import { loadProject, type CommonOptions } from "../project.js";

/** Prints how to log in to one service, from the stack's encrypted state. */
export async function credentials(service: string, options: CommonOptions): Promise<void> {
  const project = await loadProject(options);
  const known = Object.keys(project.recording.result.credentials);
  if (!known.includes(service)) throw new CliError(`service: got "${service}"; allowed: ${known.join(", ")}; name one of them`, EXIT.usage);
  const found = await credentialsOf(await openStack(project), service);
  if (options.json === true) printJson(found);
  else print(`username: ${found.username}\npassword: ${found.password}`);
}
