import { ModelError } from "../../model/errors.ts";

/** What a stack's name says about it. */
export interface Environment {
  readonly kind: "dev" | "test" | "pr" | "staging" | "prod";
  /** Number of the pull request, for PR stacks. */
  readonly pullRequest?: number;
  /** HTTP port of the proxy on a host that several stacks share. */
  readonly port: number;
  /** HTTPS port of the proxy, where it speaks TLS. */
  readonly tlsPort: number;
}

const PORTS = {
  dev: { port: 8000, tlsPort: 8443 },
  test: { port: 8100, tlsPort: 8543 },
  staging: { port: 8200, tlsPort: 8643 },
  prod: { port: 80, tlsPort: 443 },
} as const;

/** PR stacks get 10001 to 19999, and 10000 more for HTTPS: below the ports that Linux hands out to clients (32768 and up). */
const FIRST_PR_PORT = 10_000;
const FIRST_PR_TLS_PORT = 20_000;
const LAST_PR = 9999;

/**
 * Reads a stack's name.
 * @throws ModelError for a name that is no environment, or a PR number above 9999
 */
export function environmentOf(stack: string): Environment {
  if (Object.hasOwn(PORTS, stack)) {
    const kind = stack as keyof typeof PORTS;
    return { kind, ...PORTS[kind] };
  }
  const pullRequest = Number(/^pr-([1-9]\d*)$/.exec(stack)?.[1] ?? Number.NaN);
  if (pullRequest <= LAST_PR)
    return { kind: "pr", pullRequest, port: FIRST_PR_PORT + pullRequest, tlsPort: FIRST_PR_TLS_PORT + pullRequest };
  throw new ModelError({
    got: `stack name: got "${stack}"`,
    allowed: `dev, test, staging, prod or pr-<n> with n from 1 to ${LAST_PR}`,
    fix: "choose one of them: ports, networks and host names derive from it",
  });
}
