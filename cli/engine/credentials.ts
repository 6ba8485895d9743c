import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { CliError } from "../kit/exit.ts";

export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * How to log in to a service, from the stack's encrypted state.
 * @throws CliError when the state does not know it
 */
export async function credentialsOf(stack: Stack, service: string): Promise<Login> {
  const all = (await stack.outputs())["credentials"]?.value as Readonly<Record<string, Login>> | undefined;
  const found = all?.[service];
  if (found === undefined)
    throw new CliError({
      happened: `stack ${stack.name}: it has no credentials of ${service} yet`,
      fix: "run: npm run up",
    });
  return found;
}
