import { RandomPassword } from "@pulumi/random";
import type { ComponentResource, Output } from "@pulumi/pulumi";

export interface GeneratedSecretArgs {
  /** Length in characters. @default 32 */
  readonly length?: number;
  /**
   * Whether the secret refuses to be deleted. Volumes remember passwords and
   * data is encrypted with keys: a secret lives as long as the data.
   */
  readonly protect: boolean;
  readonly parent: ComponentResource;
}

/** A key that data is encrypted with: the given one, or its own, which stays in the state for the day the other goes. */
export function dataKey(name: string, given: Output<string> | undefined, args: GeneratedSecretArgs): Output<string> {
  const generated = generatedSecret(name, args);
  return given ?? generated;
}

/**
 * A random secret of letters and digits, which needs no quoting in a URL, a
 * file or SQL. 32 of them hold 190 bits.
 */
export function generatedSecret(name: string, { length = 32, protect, parent }: GeneratedSecretArgs): Output<string> {
  return new RandomPassword(name, { length, special: false }, { parent, protect }).result;
}
