import { DOCKER_VARIABLES, type DockerEnvironment } from "../../components/platform/docker/which-docker.ts";

const TAKEN: Record<string, string | undefined> = {};

/**
 * Takes the variables that choose a Docker out of the environment, before
 * anything reads them: the engine, its provider and the Docker client's library
 * would each obey them in a way of its own. Returns all that were taken so far.
 */
export function takeDockerEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
  taken: Record<string, string | undefined> = TAKEN,
): DockerEnvironment {
  for (const name of DOCKER_VARIABLES.filter((each) => environment[each] !== undefined)) {
    taken[name] = environment[name];
    Reflect.deleteProperty(environment, name);
  }
  return taken;
}
