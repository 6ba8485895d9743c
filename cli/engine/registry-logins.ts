import { runSecretsCommand } from "../../components/stack/secrets-command.ts";
import { OWN_SECRETS } from "../../components/stack/own-secrets.ts";
import { CliError } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";

/** A login with its password in plain text, for the engine that pulls: it goes nowhere else. */
export interface PlainLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** The part of the engine's stack that reads its configuration. */
export interface ReadsConfig {
  getConfig(key: string): Promise<{ readonly value: string }>;
}

/**
 * The logins of `apprun:registries` for these hosts, with the passwords that the recording has stand-ins for. Values
 * below `apprun:secrets` come from the engine, the others from the operator's command, as in the program.
 * @throws CliError for a password that neither has
 */
export async function registryLogins(
  { directory, settings }: Pick<Project, "directory" | "settings">,
  stack: ReadsConfig,
  hosts: readonly string[],
): Promise<readonly PlainLogin[]> {
  const { identity, registries, secretsCommand } = settings;
  const wanted = hosts.flatMap((host) => {
    const { username, password } = registries[host] ?? {};
    return username === undefined || password === undefined ? [] : [{ host, username, name: password.secret }];
  });
  if (wanted.length === 0) return [];
  const given = await ownSecrets(stack, `${identity.project}:${OWN_SECRETS}`);
  const printed =
    secretsCommand !== undefined && wanted.some(({ name }) => given[name] === undefined)
      ? runSecretsCommand(secretsCommand, directory)
      : new Map<string, string>();
  return wanted.map(({ host, username, name }) => {
    const password = given[name] ?? printed.get(name);
    if (password === undefined)
      throw new CliError({
        got: `apprun:registries.${host}.password: got the secret "${name}", which has no value`,
        allowed: "a secret below apprun:secrets, or one that apprun:secretsCommand prints",
        fix: `run: pulumi config set --secret --path apprun:${OWN_SECRETS}.${name}`,
      });
    return { host, username, password };
  });
}

/** The map as the engine decrypts it; a stack without one has no such key. */
async function ownSecrets(stack: ReadsConfig, key: string): Promise<Readonly<Record<string, string>>> {
  const value = await stack.getConfig(key).then(
    ({ value }) => value,
    () => "{}",
  );
  const map = JSON.parse(value) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(map).map(([name, secret]) => [name, String(secret)]));
}
