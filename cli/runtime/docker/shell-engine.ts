import { ADDRESS_PATTERN, ADDRESS_WORDS, type DockerAddress } from "../../../components/model/docker-address.ts";
import type { ChosenContext, DockerEnvironment } from "../../../components/platform/docker/which-docker.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { chosenContext, contextNamed } from "./chosen-context.ts";

const SOCKET = "unix:///var/run/docker.sock";

/** How Docker's contexts are looked up; a test gives others. */
export interface Contexts {
  readonly chosen: () => ChosenContext | undefined;
  readonly named: (name: string) => ChosenContext | undefined;
}

/**
 * The engine that `docker build` in this shell works on, in Docker's own order; `given` comes first. A stack's engine
 * is never found this way, only where an image was built.
 * @throws CliError with exit code 2 for what is no address
 */
export function shellEngine(
  given: string | undefined,
  { DOCKER_HOST: host, DOCKER_CONTEXT: context, DOCKER_CERT_PATH: certPath }: DockerEnvironment,
  contexts: Contexts = { chosen: chosenContext, named: contextNamed },
): DockerAddress {
  const fromContext = () => (context ? contexts.named(context) : contexts.chosen())?.host;
  const [where, address] =
    given !== undefined
      ? ["--from", given]
      : host
        ? ["DOCKER_HOST", host]
        : [`Docker's context ${context ?? ""}`.trim(), fromContext() ?? SOCKET];
  if (!ADDRESS_PATTERN.test(address))
    throw new CliError(
      {
        got: `${where}: got ${JSON.stringify(address)}`,
        allowed: ADDRESS_WORDS,
        fix: "name the Docker Engine that has the image with --from",
      },
      EXIT.usage,
    );
  return { host: address, ...(address.startsWith("tcp:") && certPath ? { certPath } : {}) };
}
