import { secret } from "@pulumi/pulumi";
import type { SettingsProblem } from "../settings/kit/settings-problem.ts";
import { nearestOf } from "../settings/kit/unknown-key.ts";
import { secretReferences, type SecretReference } from "../settings/kit/secret-named.ts";
import { OWN_SECRETS, type OwnSecrets } from "./own-secrets.ts";
import type { RawSettings } from "./raw-settings.ts";
import type { Settings } from "./settings.ts";

/** A stack's secrets, with every name replaced by the secret that has it. */
export interface ResolvedSecrets extends Pick<Settings, "secrets" | "ownSecrets"> {
  readonly problems: readonly SettingsProblem[];
}

/** The command line connects with it before any program runs. */
const OWN_KUBECONFIG: SettingsProblem = {
  path: "kubeconfig",
  got: "the name of a secret",
  allowed: "an encrypted value of its own",
  fix: "run: pulumi config set --secret apprun:kubeconfig < the file",
};

/** Looks up every secret that a setting names: below `apprun:secrets` first, and by the operator's command where it is not there. */
export function resolveSecrets(
  { values, secrets, ownSecrets: given = {}, named = {}, fromCommand }: RawSettings,
  schema: unknown,
  command: readonly string[] | undefined,
): ResolvedSecrets {
  const keys = Object.entries(named);
  const references = [
    ...keys.map(([key, name]) => ({ path: `${key}.secret`, name })),
    ...secretReferences(values, schema),
  ];
  const missing = references.map(({ name }) => name).filter((name) => !Object.hasOwn(given, name));
  const filled = command && missing.length > 0 ? (fromCommand?.(command, [...new Set(missing)]) ?? {}) : {};
  const ownSecrets = { ...given, ...filled };
  return {
    ownSecrets,
    // A name that is not there is a problem of its own, and its key has no second one.
    secrets: { ...secrets, ...Object.fromEntries(keys.map(([key, name]) => [key, ownSecrets[name] ?? secret("")])) },
    problems: [
      ...(named.kubeconfig === undefined ? [] : [OWN_KUBECONFIG]),
      ...references.flatMap((reference) => unknownName(reference, ownSecrets, command)),
      ...Object.keys(given).flatMap((name) => unusedName(name, references)),
    ],
  };
}

function unknownName({ path, name }: SecretReference, known: OwnSecrets, command: unknown): SettingsProblem[] {
  if (Object.hasOwn(known, name)) return [];
  const names = Object.keys(known).sort();
  const nearest = nearestOf(name, names);
  const allowed = names.length === 0 ? "a name below apprun:secrets, which has none" : names.join(", ");
  return [
    {
      path,
      got: JSON.stringify(name),
      allowed: command === undefined ? allowed : `${allowed}; or a name that apprun:secretsCommand prints`,
      fix:
        nearest === undefined
          ? `run: pulumi config set --secret --path apprun:${OWN_SECRETS}.${name}`
          : `did you mean "${nearest}"? Else run: pulumi config set --secret --path apprun:${OWN_SECRETS}.${name}`,
    },
  ];
}

/** A secret without a use is most often one whose name is misspelt where it is wanted. */
function unusedName(name: string, references: readonly SecretReference[]): SettingsProblem[] {
  if (references.some((reference) => reference.name === name)) return [];
  return [
    {
      path: `${OWN_SECRETS}.${name}`,
      got: "a secret that no setting names",
      allowed: "one that a setting names with { secret: NAME }",
      fix: `name it, or run: pulumi config rm --path apprun:${OWN_SECRETS}.${name}`,
    },
  ];
}
