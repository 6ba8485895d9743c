import { readStack } from "../engine/read-stack.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { print, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";

/** Prints the certificate of the authority that the stack made for itself, for browsers and clients to trust. */
export async function ca(options: CommonOptions): Promise<void> {
  const project = await loadProject(options);
  const { mode } = project.settings.tls;
  if (mode !== "local-ca")
    throw new CliError(
      {
        got: `apprun:tls.mode: got "${mode}"`,
        allowed: '"local-ca", which has an authority of its own',
        fix: "set it, then run: npm run up",
      },
      EXIT.usage,
    );
  const stack = await readStack(project);
  const certificate = (await stack.outputs())["localCa"]?.value as string | undefined;
  if (certificate === undefined)
    throw new CliError({ happened: `stack ${options.stack}: it has no authority yet`, fix: "run: npm run up" });
  if (options.json === true) printJson({ certificate });
  else print(certificate.trimEnd());
}
