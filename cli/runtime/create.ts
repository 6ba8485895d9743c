import { DockerRuntime } from "../docker/docker-runtime.js";
import type { Project } from "../project.js";
import type { Runtime } from "./runtime.js";

/** What runs a project's stack. The only place of the command line that chooses it. */
export function createRuntime({ settings }: Pick<Project, "settings">): Runtime {
  return new DockerRuntime(settings.docker.host);
}
