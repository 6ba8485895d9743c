import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { loadProject, type Project } from "../kit/project.ts";

/** A stack's file before its secrets are set. */
export interface Written {
  readonly stack: string;
  readonly file: string;
  /** The text of the stack's file, and of the project's. */
  readonly text: string;
  readonly project: string;
  /** Paths of the secrets that are to be set. */
  readonly secrets: readonly string[];
}

/**
 * The project of somebody who has this stack file, and has set these secrets. The value of a secret does not matter,
 * because a dry run decrypts none.
 * @throws SettingsError where the file and the secrets are not all that the stack needs
 */
export async function withSecrets({ stack, file, text, project, secrets }: Written): Promise<Project> {
  const directory = mkdtempSync(join(tmpdir(), "apprun-stack-"));
  try {
    writeFileSync(join(directory, "Pulumi.yaml"), project);
    const { name } = parse(project) as { name: string };
    const { config } = parse(text) as { config: Record<string, unknown> };
    for (const path of secrets) setSecret(config, name, path);
    writeFileSync(join(directory, file), stringify({ config }));
    return await loadProject({ stack, cwd: directory });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What `pulumi config set --secret --path` does to the stack's file. */
function setSecret(config: Record<string, unknown>, project: string, path: string): void {
  const [section = "", name] = path.split(".");
  const key = `${project}:${section}`;
  const encrypted = { secure: "v1:example" };
  config[key] = name === undefined ? encrypted : { ...(config[key] as object | undefined), [name]: encrypted };
}
