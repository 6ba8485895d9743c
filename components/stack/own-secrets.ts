import { secret, type Output } from "@pulumi/pulumi";
import { secretMark } from "../model/secret-mark.ts";
import { SECRET_NAME } from "../settings/kit/secret-named.ts";

/** The operator's secrets, by a name of their own that other settings refer to. */
export type OwnSecrets = Readonly<Record<string, Output<string>>>;

/** Key of their map below `apprun:`. */
export const OWN_SECRETS = "secrets";

export const OWN_SECRETS_DESCRIPTION =
  "Your own secrets by name, for settings that take { secret: NAME }: pulumi config set --secret --path apprun:secrets.NAME";

/** Their names in what a stack file or the engine has under the key. */
export function ownSecretNames(map: unknown): readonly string[] {
  return typeof map === "object" && map !== null && !Array.isArray(map)
    ? Object.keys(map).filter((name) => SECRET_NAME.test(name))
    : [];
}

/** What stands for them where nothing is decrypted. */
export function ownSecretMarks(map: unknown): OwnSecrets {
  return marksOf(ownSecretNames(map));
}

export function marksOf(names: readonly string[]): OwnSecrets {
  return Object.fromEntries(names.map((name) => [name, secret(secretMark(`own-${name}`))]));
}

/** What is wrong with the map itself: the path of each value that is not encrypted, and the map where it is none. */
export function plainOwnSecrets(map: unknown, isEncrypted: (value: unknown) => boolean): readonly string[] {
  if (map === undefined) return [];
  if (typeof map !== "object" || map === null || Array.isArray(map)) return [OWN_SECRETS];
  return Object.entries(map).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && isEncrypted(value) ? [] : [`${OWN_SECRETS}.${name}`],
  );
}

/** The name in what stands in place of a secret: `{ secret: NAME }`. */
export function secretNameIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return undefined;
  const { secret: name } = value as { readonly secret?: unknown };
  return typeof name === "string" ? name : undefined;
}
