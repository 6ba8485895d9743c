import { openStack } from "../engine/open.js";
import { CliError, EXIT } from "../exit.js";
import { print, printJson } from "../output.js";
import { loadProject, type CommonOptions } from "../project.js";

/** Prints how to log in to one service, from the stack's encrypted state. */
export async function credentials(service: string, options: CommonOptions): Promise<void> {
  const project = await loadProject(options);
  const known = Object.keys(project.recording.result.credentials);
  if (!known.includes(service)) throw new CliError(`service: got "${service}"; allowed: ${known.join(", ")}; name one of them`, EXIT.usage);
  const stack = await openStack(project);
  const all = (await stack.outputs())["credentials"]?.value as Record<string, { username: string; password: string }> | undefined;
  const found = all?.[service];
  if (found === undefined) throw new CliError(`stack ${options.stack}: it has no credentials yet; run: npm run up`);
  if (options.json === true) printJson(found);
  else print(`username: ${found.username}\npassword: ${found.password}`);
}
