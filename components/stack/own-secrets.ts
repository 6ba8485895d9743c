import { secret, type Output } from "@pulumi/pulumi";
import { secretMark } from "../model/secret-mark.ts";

/** The operator's secrets, by a name of their own that other settings refer to. */
export type OwnSecrets = Readonly<Record<string, Output<string>>>;

/** Key of their map below `apprun:`. */
export const OWN_SECRETS = "secrets";

export const OWN_SECRETS_DESCRIPTION =
  "Your own secrets by name, for settings that take { secret: NAME }: pulumi config set --secret --path apprun:secrets.NAME";

const NAME = /^[A-Za-z_][\w-]*$/;

/** Their names in what a stack file or the engine has under the key. */
export function ownSecretNames(map: unknown): readonly string[] {
  return typeof map === "object" && map !== null && !Array.isArray(map)
    ? Object.keys(map).filter((name) => NAME.test(name))
    : [];
}

/** What stands for them where nothing is decrypted. */
export function ownSecretMarks(map: unknown): OwnSecrets {
  return Object.fromEntries(ownSecretNames(map).map((name) => [name, secret(secretMark(`own-${name}`))]));
}

/** What is wrong with the map itself: the path of each value that is not encrypted, and the map where it is none. */
export function plainOwnSecrets(map: unknown, isEncrypted: (value: unknown) => boolean): readonly string[] {
  if (map === undefined) return [];
  if (typeof map !== "object" || map === null || Array.isArray(map)) return [OWN_SECRETS];
  return Object.entries(map).flatMap(([name, value]) =>
    NAME.test(name) && isEncrypted(value) ? [] : [`${OWN_SECRETS}.${name}`],
  );
}
