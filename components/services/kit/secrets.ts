import { RandomPassword } from "@pulumi/random";
import { all, type ComponentResource, type Output } from "@pulumi/pulumi";
import type { SecretFile } from "../../model/workload.ts";
import { generationsOf, type Generation, type Rotation, type SecretRotation } from "../../model/rotation.ts";

export interface GeneratedSecretArgs {
  /** Length in characters. @default 32 */
  readonly length?: number;
  /**
   * Whether the secret refuses to be deleted. Volumes remember passwords and
   * data is encrypted with keys: a secret lives as long as the data.
   */
  readonly protect: boolean;
  /** Every secret of the stack that can be rotated. @default - each is at its first generation */
  readonly rotation?: Rotation | undefined;
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

/**
 * The same, with the generations before: for what must know them while consumers move, or for ever.
 * @throws Error for a secret that no service lists as rotated: a raise of its generation would do nothing
 */
export function secretValues(name: string, args: GeneratedSecretArgs): SecretValues {
  const value = (generation: Generation) => randomPassword(generation, args).result;
  const [current, ...before] = generationsOf(name, knownRotation(name, args.rotation));
  return [value(current), ...before.map(value)];
}

function knownRotation(name: string, rotation: Rotation | undefined): SecretRotation {
  const known = rotation === undefined ? { generation: 1, allStay: false } : rotation[name];
  if (known === undefined) throw new Error(`secret ${name} is not among the rotated secrets of any service`);
  return known;
}

function randomPassword(
  { resource, needed }: Generation,
  { length = 32, protect, parent }: GeneratedSecretArgs,
): RandomPassword {
  return new RandomPassword(resource, { length, special: false }, { parent, protect: protect && needed });
}

/** The current value of a secret with its hash, for what only compares. */
export interface HashedSecret {
  readonly value: Output<string>;
  /** By bcrypt, made once with the value: another hash of the same value would be a change. */
  readonly hash: Output<string>;
  readonly generation: number;
}

/** A secret of which what checks it gets the hash alone. */
export function hashedSecret(name: string, args: GeneratedSecretArgs): HashedSecret {
  const known = knownRotation(name, args.rotation);
  const [current, ...before] = generationsOf(name, known);
  before.forEach((generation) => randomPassword(generation, args));
  const { result, bcryptHash } = randomPassword(current, args);
  return { value: result, hash: bcryptHash, generation: known.generation };
}

/** One value a line, the current one first. */
export function valuesFile(path: string, values: SecretValues): SecretFile {
  return { path, content: all([...values]).apply((lines) => lines.map((line) => `${line}\n`).join("")) };
}
