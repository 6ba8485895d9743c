import type { ValuePath } from "./misplaced-secrets.ts";
import type { OwnSecrets } from "./own-secrets.ts";
import { SECRET_KEYS, type SecretKey } from "./schema.ts";
import type { Settings } from "./settings.ts";

/** A stack's configuration as it was found. */
export interface RawSettings {
  /** Values by key below `apprun:`, without the secrets. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: Settings["secrets"];
  /** The project's, in which files are that the settings name. @default - the one that the process works in */
  readonly directory?: string;
  /** @default {} */
  readonly ownSecrets?: OwnSecrets;
  /** Names below `apprun:secrets` that are given in place of secrets, by the key of each. @default {} */
  readonly named?: Readonly<Partial<Record<SecretKey, string>>>;
  /** Paths of secrets that stand there in plain text. */
  readonly plainSecrets: readonly string[];
  /** Whole keys of the configuration that nobody reads. @default [] */
  readonly unread?: readonly string[];
  /** Paths of encrypted values where none can be. @default [] */
  readonly misplaced?: readonly ValuePath[];
  /** Secrets that the operator's command has under these names. @default - none */
  readonly fromCommand?: (command: readonly string[], names: readonly string[]) => OwnSecrets;
}

export function isSecretKey(key: string): key is SecretKey {
  return Object.hasOwn(SECRET_KEYS, key);
}
