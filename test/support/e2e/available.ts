import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { gte } from "semver";
import { engineEnvironment, findEngine } from "../../../cli/engine/find.ts";
import { CATALOGUE, selectImage, type ImageName } from "../../../components/services/catalogue.ts";

const run = promisify(execFile);
const DOWNLOAD_TIMEOUT = 120_000;

/** Whether the engine has the plugins of these packages, or can download them; tests that need one are skipped by name otherwise. */
export async function hasPlugins(...names: readonly string[]): Promise<boolean> {
  const engine = await findEngine();
  if ("missing" in engine) return false;
  const env = { ...process.env, ...engineEnvironment(engine) };
  try {
    for (const name of names)
      await run("pulumi", ["plugin", "install", "resource", name, versionOf(name), "--non-interactive"], {
        env,
        timeout: DOWNLOAD_TIMEOUT,
      });
    return true;
  } catch {
    return false;
  }
}

/** The version of the plugin is the package's own. */
function versionOf(name: string): string {
  const file = new URL(`../../../node_modules/@pulumi/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The oldest restic whose `check` and `restore` have what the backups use. */
const OLDEST_RESTIC = "0.17.0";

/** Whether the image that calls itself restic is one, and as new as the backups need. */
export async function hasRestic(): Promise<boolean> {
  const { repository, tag } = CATALOGUE.restic;
  try {
    const { stdout } = await run(
      "docker",
      ["run", "--rm", "--entrypoint", "restic", `${repository}:${tag}`, "version"],
      { timeout: DOWNLOAD_TIMEOUT },
    );
    return gte(/restic (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? "0.0.0", OLDEST_RESTIC);
  } catch {
    return false;
  }
}

/** Whether the engine has these images, or can pull them. */
export async function hasImages(...names: readonly ImageName[]): Promise<boolean> {
  return (await Promise.all(names.map((name) => hasImage(selectImage(name).reference)))).every(Boolean);
}

/** The same of one that is not in the catalogue. */
export async function hasImage(reference: string): Promise<boolean> {
  for (const ask of [
    ["image", "inspect"],
    ["pull", "--quiet"],
  ])
    try {
      await run("docker", [...ask, reference], { timeout: DOWNLOAD_TIMEOUT });
      return true;
    } catch {
      continue;
    }
  return false;
}
