/** How a generated secret is replaced, and who notices: a row of docs/rotation.md. */
export interface RotatedSecretFacts {
  /** How a new value reaches what checks it. */
  readonly reaches: string;
  /** What restarts. */
  readonly restarts: string;
  /**
   * Why every generation stays in the state: data may be encrypted with any of
   * them, or a rotation that was interrupted left an older one in force.
   * @default - the current one and the one before it stay
   */
  readonly allStay?: string;
}

/** A secret in a stack: which generation is current, and whether all before it stay. */
export interface SecretRotation {
  /** 1, the value that it was made with, or more. */
  readonly generation: number;
  readonly allStay: boolean;
}

/** Every secret of a stack that can be rotated, by the name of its resource. */
export type Rotation = Readonly<Record<string, SecretRotation>>;

/** One generation of a secret. */
export interface Generation {
  /** The name of its resource. */
  readonly resource: string;
  /** Whether the engine refuses to delete it, where the stack's data is protected: it does for what may still be needed. */
  readonly needed: boolean;
}

/** The generations of a secret that exist, the current one first, and after it the ones before. */
export function generationsOf(
  secret: string,
  { generation, allStay }: SecretRotation,
): readonly [Generation, ...Generation[]] {
  const named = (number: number, needed: boolean): Generation => ({
    resource: number === 1 ? secret : `${secret}-${number}`,
    needed,
  });
  const oldest = allStay ? 1 : Math.max(1, generation - 1);
  const before = Array.from({ length: generation - oldest }, (_, back) => named(generation - 1 - back, allStay));
  return [named(generation, true), ...before];
}
