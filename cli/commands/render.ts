import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { CliError, EXIT } from "../kit/exit.ts";
import { note, print, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { writeCompose } from "../render/write-compose.ts";
import { writeManifests } from "../render/write-manifests.ts";

export interface RenderOptions extends CommonOptions {
  readonly out: string;
  readonly generateSecrets?: boolean;
}

const WRITERS: Record<Project["settings"]["platform"], typeof writeCompose> = {
  docker: writeCompose,
  kubernetes: writeManifests,
};

/** Certificates and tunnels are made by providers: text in their place would be a stack that cannot start. */
function refuseWhatOthersMake({ settings: { tls, cloudflare } }: Project): void {
  if (["off", "acme", "external"].includes(tls.mode) && !cloudflare.enabled) return;
  const got = cloudflare.enabled ? "cloudflare.enabled true" : `tls.mode "${tls.mode}"`;
  throw new CliError(
    {
      got: `--generate-secrets: got a stack with ${got}`,
      allowed: "secrets that are random text",
      fix: "leave the option out and write the files that it names by hand",
    },
    EXIT.usage,
  );
}

/** What is rendered starts on empty volumes: there is no old server to take over. */
function refuseUpgrade({ settings: { postgres } }: Project): void {
  if (postgres.upgradeFrom === undefined) return;
  throw new CliError(
    {
      got: `postgres.upgradeFrom: got ${postgres.upgradeFrom}`,
      allowed: "nothing for rendered files, which run on new volumes",
      fix: "remove it",
    },
    EXIT.usage,
  );
}

/** Nothing in rendered files would make roles and databases. */
function refuseEngine({ settings: { postgres } }: Project): void {
  if (postgres.external?.provisioning !== "engine") return;
  throw new CliError(
    {
      got: 'postgres.external.provisioning: got "engine"',
      allowed: "job for rendered files, which run without the engine",
      fix: "remove it",
    },
    EXIT.usage,
  );
}

/** Writes the stack as files that run without Pulumi: a Compose project or Kubernetes manifests. */
export async function renderCommand({ out, generateSecrets = false, ...options }: RenderOptions): Promise<void> {
  const project = await loadProject(options);
  refuseUpgrade(project);
  refuseEngine(project);
  if (generateSecrets) refuseWhatOthersMake(project);
  const directory = resolve(out);
  mkdirSync(directory, { recursive: true });
  const { main, secrets, needs } = await WRITERS[project.settings.platform](directory, project, generateSecrets);
  if (options.json === true) printJson({ file: main, secrets });
  else print(main);
  if (!generateSecrets) note(`it refers to ${needs}; --generate-secrets writes them with new values`);
}
