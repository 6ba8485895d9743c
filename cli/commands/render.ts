import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { note, print, printJson } from "../output.js";
import { loadProject, type CommonOptions, type Project } from "../project.js";
import { writeCompose } from "../render/write-compose.js";
import { writeManifests } from "../render/write-manifests.js";

export interface RenderOptions extends CommonOptions {
  readonly out: string;
  readonly generateSecrets?: boolean;
}

const WRITERS: Record<Project["settings"]["platform"], typeof writeCompose> = { docker: writeCompose, kubernetes: writeManifests };

/** Writes the stack as files that run without Pulumi: a Compose project or Kubernetes manifests. */
export async function renderCommand({ out, generateSecrets = false, ...options }: RenderOptions): Promise<void> {
  const project = await loadProject(options);
  const directory = resolve(out);
  mkdirSync(directory, { recursive: true });
  const { main, secrets, needs } = await WRITERS[project.settings.platform](directory, project, generateSecrets);
  if (options.json === true) printJson({ file: main, secrets });
  else print(main);
  if (!generateSecrets) note(`it refers to ${needs}; --generate-secrets writes them with new values`);
}
