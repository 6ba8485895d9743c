import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ModelError } from "../components/model/errors.ts";
import { withSecrets } from "../cli/init/with-secrets.ts";
import type { Project } from "../cli/kit/project.ts";

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

/** The project of somebody who followed the example's README: its stack file copied, its secrets set. */
export function followed({ file, stack }: Example, secrets: readonly string[]): Promise<Project> {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const text = readFileSync(file, "utf8");
  return withSecrets({ stack, file: name, text, project: readFileSync("Pulumi.yaml", "utf8"), secrets });
}
