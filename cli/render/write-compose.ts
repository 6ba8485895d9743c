import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { variablePath } from "./compose-text.ts";
import { composeProject, type Rendered } from "./compose.ts";
import { recordWithValues, type Written } from "./written.ts";

/** Writes a stack on a Docker host as a Compose project. */
export async function writeCompose(directory: string, project: Project, generateSecrets: boolean): Promise<Written> {
  const { identity } = project.settings;
  const { resources, result } = project.recording;
  const rendered = composeProject(`${identity.project}-${identity.stack}`, resources, result.inventory);
  const file = join(directory, "compose.yaml");
  writeFileSync(file, stringify(rendered.compose, { lineWidth: 0, aliasDuplicateObjects: false }));
  if (generateSecrets) await writeSecrets(join(directory, "secrets"), project, rendered);
  return {
    main: file,
    secrets: rendered.secrets,
    needs: `${rendered.secrets.length} secret files in ${join(directory, "secrets")}`,
  };
}

/**
 * Writes every secret file with values generated together, so that a password
 * is the same in all files that hold it. Files that are there stay.
 */
async function writeSecrets(directory: string, project: Project, { secrets }: Rendered): Promise<void> {
  if (existsSync(directory)) {
    note(`${directory} is there already and was left as it is: its files belong together`);
    return;
  }
  const { resources } = await recordWithValues(project);
  const contents = new Map(
    resources
      .filter(({ type }) => type === "docker:index/container:Container")
      .flatMap(({ inputs }) => {
        const { name = "", uploads = [], envs = [] } = inputs as RecordedContainer;
        return [
          ...uploads.map((upload): [string, string] => [`${name}:${upload.file}`, upload.content ?? ""]),
          ...envs.map((line): [string, string] => [`${name}:${variablePath(line)}`, `${line}\n`]),
        ];
      }),
  );
  mkdirSync(directory, { mode: 0o700 });
  // The files are mounted as they are, so containers' users must be able to read them; the directory keeps everybody else out.
  for (const { file, container, path } of secrets)
    writeFileSync(join(directory, file), contents.get(`${container}:${path}`) ?? "", { mode: 0o444 });
}
