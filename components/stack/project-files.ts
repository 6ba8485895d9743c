import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ConfigFile } from "../model/workload.ts";
import type { SettingsProblem } from "../settings/kit/settings-problem.ts";
import { namedFiles } from "../services/kratos/files.ts";
import { problem } from "../settings/kit/rule.ts";

/** Contents of the project's files that the settings name, by their path in the project. */
export type ProjectFiles = Readonly<Record<string, string>>;

/** Bytes of a file: a ConfigMap takes 1 MiB, and the state keeps each. */
const LARGEST = 256 * 1024;
/** Bytes of all files of one container. */
const LARGEST_SUM = 512 * 1024;

/** What has the state and its passphrase. */
const OWN_DIRECTORY = ".apprun";

type Named = Readonly<Record<string, string>>;

/** Settings that name files: maps from paths in a container to paths in the project, and what the login reads. */
interface Naming {
  readonly app: { readonly files: Named };
  readonly services: Readonly<Record<string, { readonly files: Named }>>;
  readonly kratos: Parameters<typeof namedFiles>[0];
  readonly postgrest: { readonly jwks?: string | undefined };
}

/** Reads every file that the settings name. `directory` is the project's. */
export function readProjectFiles(
  { app, services, kratos, postgrest }: Naming,
  directory: string,
): { readonly files: ProjectFiles; readonly problems: readonly SettingsProblem[] } {
  const files: Record<string, string> = {};
  const problems: SettingsProblem[] = [];
  const maps = [
    ["app.files", app.files] as const,
    ...Object.entries(services).map(([name, { files: own }]) => [`services.${name}.files`, own] as const),
    ["kratos", namedFiles(kratos)] as const,
    ["postgrest", postgrest.jwks === undefined ? {} : { jwks: postgrest.jwks }] as const,
  ];
  for (const [owner, map] of maps) {
    let sum = 0;
    const keys = new Map<string, string>();
    for (const [target, path] of Object.entries(map)) {
      const read = files[path] ?? contentOf(path, directory);
      if (typeof read !== "string") {
        problems.push(problem(`${owner}.${target}`, `${JSON.stringify(path)}, ${read.got}`, read.allowed, "change it"));
        continue;
      }
      files[path] = read;
      const key = target.replaceAll("/", "_");
      const other = keys.get(key);
      if (other !== undefined)
        problems.push(
          problem(`${owner}.${target}`, "a path", `one that differs from ${other} in more than / and _`, "change it"),
        );
      keys.set(key, target);
      sum += Buffer.byteLength(read);
    }
    if (sum > LARGEST_SUM)
      problems.push(
        problem(owner, `${Math.ceil(sum / 1024)} KiB`, `at most ${LARGEST_SUM / 1024} KiB together`, "remove some"),
      );
  }
  return { files, problems };
}

/** Files of a container from what its settings name. */
export function filesFrom(named: Readonly<Record<string, string>>, files: ProjectFiles): readonly ConfigFile[] {
  return Object.entries(named).flatMap(([target, path]) => {
    const content = files[path];
    return content === undefined ? [] : [{ path: target, content }];
  });
}

interface Refused {
  readonly got: string;
  readonly allowed: string;
}

const refused = (got: string, allowed: string): Refused => ({ got, allowed });

function contentOf(path: string, directory: string): string | Refused {
  const project = realpathSync(directory);
  let real: string;
  try {
    real = realpathSync(join(project, path));
  } catch {
    return refused("which is not there", "a file of the project");
  }
  const inside = relative(project, real);
  if (inside.startsWith("..") || inside === "") return refused("which leads out of the project", "a file inside of it");
  if (inside.split(sep)[0] === OWN_DIRECTORY)
    return refused("which is where the state and its passphrase are", `a file outside of ${OWN_DIRECTORY}`);
  const { size, isFile } = fileFacts(real);
  if (!isFile) return refused("which is no file", "a file");
  if (size === 0) return refused("which is empty", "a file with a text in it");
  if (size > LARGEST) return refused(`of ${Math.ceil(size / 1024)} KiB`, `at most ${LARGEST / 1024} KiB`);
  return textOf(real) ?? refused("which is no text", "text in UTF-8");
}

function fileFacts(path: string): { readonly size: number; readonly isFile: boolean } {
  const stat = statSync(path);
  return { size: stat.size, isFile: stat.isFile() };
}

function textOf(path: string): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
