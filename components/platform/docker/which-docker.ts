import type { DockerAddress } from "../../model/docker-address.ts";
import { ModelError } from "../../model/errors.ts";

/** The variables of the environment by which Docker's own programs, the engine's provider among them, choose an engine. */
export const DOCKER_VARIABLES = [
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CERT_PATH",
  "DOCKER_TLS_VERIFY",
  "DOCKER_CA_MATERIAL",
  "DOCKER_CERT_MATERIAL",
  "DOCKER_KEY_MATERIAL",
  "DOCKER_SSH_OPTS",
] as const;

export type DockerVariable = (typeof DOCKER_VARIABLES)[number];

export type DockerEnvironment = Readonly<Partial<Record<DockerVariable, string | undefined>>>;

/** An endpoint that `docker context use` chose. */
export interface ChosenContext {
  readonly name: string;
  readonly host: string;
}

/** Which Docker a stack talks to. */
export interface WhichDocker {
  readonly address: DockerAddress;
  /** What else names an engine, and is not used; no value that could be a secret. */
  readonly ignored: readonly string[];
  /** The variable that the engine's provider obeys whatever it is told. */
  readonly unshielded?: DockerVariable;
}

/**
 * Which Docker a stack talks to: the one of its settings. A stack whose engine
 * depended on the shell would be looked at on one engine and removed from
 * another. The environment and Docker's context only count as hints for the
 * operator, where they name another one.
 */
export function whichDocker(
  { host, certPath }: DockerAddress,
  environment: DockerEnvironment,
  context?: ChosenContext,
): WhichDocker {
  const set = (name: DockerVariable) => (environment[name] === "" ? undefined : environment[name]);
  const ignored = DOCKER_VARIABLES.filter((name) => {
    const value = set(name);
    return value !== undefined && !(name === "DOCKER_HOST" ? value === host : CERTIFICATE[name] && value === certPath);
  }).map((name) => (SHOWN.has(name) ? `${name}=${set(name) ?? ""}` : name));
  const fromContext =
    context === undefined || context.host === host ? [] : [`Docker's context ${context.name} (${context.host})`];
  const certificates = set("DOCKER_CERT_PATH");
  return {
    address: { host, ...(certPath !== undefined && { certPath }) },
    ignored: [...ignored, ...fromContext],
    // It reads the certificates of this directory before it looks at what it was told.
    ...(certificates !== undefined && certificates !== certPath && { unshielded: "DOCKER_CERT_PATH" }),
  };
}

const CERTIFICATE: Partial<Record<DockerVariable, true>> = { DOCKER_CERT_PATH: true };

/** Variables that name a place and never hold a secret. */
const SHOWN: ReadonlySet<DockerVariable> = new Set(["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH"]);

/** @throws ModelError for a variable that the engine's provider, which was started before the program, obeys whatever it is told */
export function requireShielded(address: DockerAddress, environment: DockerEnvironment): void {
  const { unshielded } = whichDocker(address, environment);
  if (unshielded === undefined) return;
  throw new ModelError({
    got: `${unshielded}: got ${JSON.stringify(environment[unshielded])} in the environment`,
    allowed: `${address.certPath ?? "nothing"}, as in apprun:docker.certPath: the engine's provider reads it before the settings`,
    fix: `unset it, or run npm run up, which does`,
  });
}

/**
 * What the provider is told. What it is not told it takes from the environment:
 * a context from there would even win over the host. The state remembers all of
 * it, so a refresh or a destroy without this program goes to the same engine.
 */
export function providerArgs({ host, certPath = "" }: DockerAddress) {
  return {
    host,
    context: "",
    certPath,
    caMaterial: "",
    certMaterial: "",
    keyMaterial: "",
    // Without a terminal that answers, a question of ssh would wait for ever.
    sshOpts: host.startsWith("ssh:") ? ["-oBatchMode=yes"] : [],
  };
}
