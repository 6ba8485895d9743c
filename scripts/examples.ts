import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { ModelError } from "../components/model/errors.ts";
import { loadProject, type Project } from "../cli/kit/project.ts";

const DIRECTORY = "examples";
const STACK_FILE = /^Pulumi\.(.+)\.yaml$/;
/** Stacks of pull requests have what is in `Pulumi.pr.yaml` in common: one of them stands for all. */
const PULL_REQUEST = "pr-12";
/** How a page says that a secret is set. */
const SETS = /pulumi config set --secret (?:--path )?apprun:(\S+)/g;

/** A directory of examples/ as a user finds it. */
export interface Example {
  readonly name: string;
  readonly file: string;
  readonly stack: string;
  readonly readme: string;
  /** Paths of the secrets that the commands of its README set. */
  readonly secrets: readonly string[];
}

/** Every directory of examples/. */
export function examples(): readonly Example[] {
  return readdirSync(DIRECTORY, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => exampleOf(name));
}

/** @throws ModelError for a directory without exactly one stack file */
function exampleOf(name: string): Example {
  const directory = join(DIRECTORY, name);
  const files = readdirSync(directory).filter((file) => STACK_FILE.test(file));
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new ModelError({
      got: `${directory}: got ${files.length} stack files`,
      allowed: "one Pulumi.<stack>.yaml",
      fix: "give each example a directory of its own",
    });
  const [, stack = ""] = STACK_FILE.exec(file) ?? [];
  const readme = readFileSync(join(directory, "README.md"), "utf8");
  return {
    name,
    file: join(directory, file),
    stack: stack === "pr" ? PULL_REQUEST : stack,
    readme,
    secrets: [...readme.matchAll(SETS)].map(([, path = ""]) => path),
  };
}

/**
 * The project of somebody who followed the example's README: its stack file copied, its secrets set.
 * The value of a secret does not matter, because a dry run decrypts none.
 */
export async function followed({ file, stack }: Example, secrets: readonly string[]): Promise<Project> {
  const directory = mkdtempSync(join(tmpdir(), "apprun-example-"));
  try {
    copyFileSync("Pulumi.yaml", join(directory, "Pulumi.yaml"));
    const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    for (const path of secrets) setSecret(config, path);
    writeFileSync(join(directory, file.slice(file.lastIndexOf("/") + 1)), stringify({ config }));
    return await loadProject({ stack, cwd: directory });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What `pulumi config set --secret --path` does to the stack's file. */
function setSecret(config: Record<string, unknown>, path: string): void {
  const [key = "", name] = path.split(".");
  const encrypted = { secure: "v1:example" };
  if (name === undefined) config[`apprun:${key}`] = encrypted;
  else config[`apprun:${key}`] = { ...(config[`apprun:${key}`] as object | undefined), [name]: encrypted };
}
