import { DOCKER_VARIABLES, type DockerEnvironment } from "../../components/platform/docker/which-docker.ts";

let taken: DockerEnvironment = {};

/**
 * Takes the variables that choose a Docker out of the environment, before
 * anything reads them: the engine, its provider and the Docker client's library
 * would each obey them in a way of its own.
 */
export function takeDockerEnvironment(environment: NodeJS.ProcessEnv = process.env): DockerEnvironment {
  const found = DOCKER_VARIABLES.filter((name) => environment[name] !== undefined);
  taken = { ...taken, ...Object.fromEntries(found.map((name) => [name, environment[name]])) };
  for (const name of found) Reflect.deleteProperty(environment, name);
  return taken;
}
