import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { Stack } from "../../components/stack.js";
import { note, print, printJson } from "../output.js";
import { loadProject, type CommonOptions, type Project } from "../project.js";
import { record } from "../record.js";
import type { RecordedContainer } from "../../components/platform/docker/container-args.js";
import { composeProject, type Rendered } from "../render/compose.js";

export interface RenderOptions extends CommonOptions {
  readonly out: string;
  readonly generateSecrets?: boolean;
}

/** Writes the stack as a Compose project, the way out for who must run without Pulumi. */
export async function renderCommand({ out, generateSecrets = false, ...options }: RenderOptions): Promise<void> {
  const project = await loadProject(options);
  const { identity } = project.settings;
  const { resources, result } = project.recording;
  const rendered = composeProject(`${identity.project}-${identity.stack}`, resources, result.inventory);
  const directory = resolve(out);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "compose.yaml");
  writeFileSync(file, stringify(rendered.compose, { lineWidth: 0, aliasDuplicateObjects: false }));
  if (generateSecrets) await writeSecrets(join(directory, "secrets"), project, rendered);
  if (options.json === true) printJson({ file, secrets: rendered.secrets });
  else print(file);
  if (!generateSecrets)
    note(`it refers to ${rendered.secrets.length} secret files in ${join(directory, "secrets")}; --generate-secrets writes them with new values`);
}

/**
 * Writes every secret file with values generated together, so that a password
 * is the same in all files that hold it. Files that are there stay.
 */
async function writeSecrets(directory: string, { settings }: Project, { secrets }: Rendered): Promise<void> {
  if (existsSync(directory)) {
    note(`${directory} is there already and was left as it is: its files belong together`);
    return;
  }
  const { resources } = await record(settings.identity, () => new Stack(settings), { secret: randomText });
  const contents = new Map(
    resources
      .filter(({ type }) => type === "docker:index/container:Container")
      .flatMap(({ inputs }) => {
        const { name = "", uploads = [] } = inputs as RecordedContainer;
        return uploads.map((upload): [string, string] => [`${name}:${upload.file}`, upload.content ?? ""]);
      }),
  );
  mkdirSync(directory, { mode: 0o700 });
  // The files are mounted as they are, so containers' users must be able to read them; the directory keeps everybody else out.
  for (const { file, container, path } of secrets) writeFileSync(join(directory, file), contents.get(`${container}:${path}`) ?? "", { mode: 0o444 });
}

/** Letters and digits, as the engine's generated secrets. */
function randomText(_name: string, length: number): string {
  let text = "";
  while (text.length < length) text += randomBytes(length).toString("base64").replace(/[+/=]/g, "");
  return text.slice(0, length);
}
