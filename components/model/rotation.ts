/**
 * Generated secrets that a new generation can replace, by the name of their
 * resource, and how the change reaches the service: see docs/rotation.md.
 */
export const ROTATED_SECRETS = [
  "apprun-jwt",
  "backup-password",
  "cache-monitoring",
  "cache-password",
  "grafana-admin",
  "kratos-cipher",
  "kratos-cookie",
  "nats-password",
  "postgres-provision-apprun",
  "postgres-provision-authenticator",
  "postgres-provision-backup",
  "postgres-provision-grafana",
  "postgres-provision-kratos",
  "postgres-provision-monitoring",
  "postgres-provision-temporal",
  "postgres-superuser",
] as const;
export type RotatedSecret = (typeof ROTATED_SECRETS)[number];

/** Generation of each secret; 1, the value that it was made with, where nothing is said. */
export type Generations = Readonly<Partial<Record<RotatedSecret, number | undefined>>>;

/**
 * Secrets of which every generation stays: data may be encrypted with any of
 * them, or a rotation that was interrupted left an older one in force.
 */
const ALL_STAY: readonly string[] = ["backup-password", "kratos-cipher", "postgres-superuser"] satisfies RotatedSecret[];

/** One generation of a secret. */
export interface Generation {
  /** The name of its resource. */
  readonly resource: string;
  /** Whether the engine refuses to delete it, where the stack's data is protected: it does for what may still be needed. */
  readonly needed: boolean;
}

/** The generations of a secret that exist, the current one first, and after it the ones before. */
export function generationsOf(secret: string, current: number): readonly Generation[] {
  const all = ALL_STAY.includes(secret);
  const oldest = all ? 1 : Math.max(1, current - 1);
  return Array.from({ length: current - oldest + 1 }, (_, back) => ({
    resource: current - back === 1 ? secret : `${secret}-${current - back}`,
    needed: all || back === 0,
  }));
}
