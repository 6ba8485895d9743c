import { RandomPassword } from "@pulumi/random";
import { all, type ComponentResource, type Output } from "@pulumi/pulumi";
import type { SecretFile } from "../../model/workload.ts";
import { generationsOf, type Generations, type RotatedSecret } from "../../model/rotation.ts";

export interface GeneratedSecretArgs {
  /** Length in characters. @default 32 */
  readonly length?: number;
  /**
   * Whether the secret refuses to be deleted. Volumes remember passwords and
   * data is encrypted with keys: a secret lives as long as the data.
   */
  readonly protect: boolean;
  /** Generations by secret. @default - each is at its first */
  readonly rotation?: Generations | undefined;
  readonly parent: ComponentResource;
}

/** The values of a secret that exist: the current one first. */
export type SecretValues = readonly [Output<string>, ...Output<string>[]];

/** Keys that data is encrypted with: the given one, or its own, which stay in the state for the day the other goes. */
export function dataKeys(name: string, given: Output<string> | undefined, args: GeneratedSecretArgs): SecretValues {
  const generated = secretValues(name, args);
  return given === undefined ? generated : [given];
}

/**
 * A random secret of letters and digits, which needs no quoting in a URL, a
 * file or SQL. 32 of them hold 190 bits.
 */
export function generatedSecret(name: string, args: GeneratedSecretArgs): Output<string> {
  return secretValues(name, args)[0];
}

/** The same, with the generations before: for what must know them while consumers move, or for ever. */
export function secretValues(name: string, { length = 32, protect, rotation = {}, parent }: GeneratedSecretArgs): SecretValues {
  const [current, ...before] = generationsOf(name, rotation[name as RotatedSecret] ?? 1).map(
    ({ resource, needed }) => new RandomPassword(resource, { length, special: false }, { parent, protect: protect && needed }).result,
  );
  if (current === undefined) throw new Error(`secret ${name} has no generation`);
  return [current, ...before];
}

/** One value a line, the current one first. */
export function valuesFile(path: string, values: SecretValues): SecretFile {
  return { path, content: all([...values]).apply((lines) => lines.map((line) => `${line}\n`).join("")) };
}
