import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { Stack } from "../../components/stack/stack.ts";
import { CliError, EXIT } from "./exit.ts";
import { record, type Recording } from "./record.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly json?: boolean;
  /** The engine's own lines, and where in the code an error comes from. */
  readonly verbose?: boolean;
}

/** A stack of a project directory, with its program run once in-process. */
export interface Project {
  readonly directory: string;
  readonly stack: string;
  readonly settings: Settings;
  readonly recording: Recording<Stack>;
}

/**
 * Reads the settings and records the program: no engine, no Docker, no secret.
 * @throws SettingsError, ModelError for settings that are wrong; CliError outside of a project
 */
export async function loadProject({ stack, cwd }: CommonOptions): Promise<Project> {
  const directory = resolve(cwd);
  const settings = settingsFromFile(directory, projectName(directory), stack);
  const recording = await record(settings.identity, () => new Stack(settings));
  return { directory, stack, settings, recording };
}

/** @throws CliError outside of a project */
export function projectName(directory: string): string {
  try {
    const { name } = parse(readFileSync(join(directory, "Pulumi.yaml"), "utf8")) as { name: string };
    return name;
  } catch {
    throw new CliError(
      {
        got: `${directory}: got no readable Pulumi.yaml`,
        allowed: "a project's directory",
        fix: "run the command there or name it with --cwd",
      },
      EXIT.usage,
    );
  }
}
