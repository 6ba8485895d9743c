import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { satisfies } from "semver";
import { parse } from "yaml";
import { note } from "../kit/output.ts";

/** Versions of the Pulumi CLI that fit: the project says so to the engine itself. */
const { requiredPulumiVersion: PULUMI_VERSIONS } = parse(
  readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8"),
) as {
  readonly requiredPulumiVersion: string;
};

/** What to do where there is none. */
export const INSTALL_ENGINE = "install it from https://www.pulumi.com/docs/install/";

const MODULES_BIN = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));

/** The npm package downloads the CLI at its first call. */
const DOWNLOAD_TIMEOUT = 300_000;
const ANSWER_TIMEOUT = 20_000;

export interface Engine {
  readonly version: string;
  /** The directory that has the program. */
  readonly directory: string;
}

/** Why there is no engine, in words that complete "nothing was deployed: …". */
export interface Missing {
  readonly missing: string;
}

/** The Pulumi CLI on PATH when its version fits, else the one that the npm package brings. */
export async function findEngine(path: string = process.env["PATH"] ?? ""): Promise<Engine | Missing> {
  const seen: string[] = [];
  for (const directory of path.split(delimiter)) {
    // npm puts the npm package's own program first on PATH: it is the last resort, not "the one on PATH".
    if (directory.endsWith(join("node_modules", ".bin")) || !existsSync(join(directory, "pulumi"))) continue;
    const version = await versionOf(directory, ANSWER_TIMEOUT);
    if (version !== undefined && fits(version)) return { version, directory };
    seen.push(`${join(directory, "pulumi")} is ${version ?? "broken"}`);
  }
  note("no fitting Pulumi CLI on PATH: asking the npm package pulumi, which downloads one at its first call");
  const version = await versionOf(MODULES_BIN, DOWNLOAD_TIMEOUT);
  if (version !== undefined && fits(version)) return { version, directory: MODULES_BIN };
  return {
    missing: `a Pulumi CLI ${PULUMI_VERSIONS} (${[...seen, "the npm package pulumi could not download one"].join("; ")})`,
  };
}

async function versionOf(directory: string, timeout: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(join(directory, "pulumi"), ["version"], {
      timeout,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return stdout.trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}

/** A build between releases counts as the release that it comes before. */
function fits(version: string): boolean {
  return satisfies(version, PULUMI_VERSIONS, { includePrerelease: true });
}

/** Puts the engine, and with it its language host, first on PATH; after it the Node of this project. */
export function engineEnvironment({ directory }: Engine): Record<string, string> {
  return {
    PATH: [directory, MODULES_BIN, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Else the engine fetches the provider of every package that package.json names, whether the stack uses it or not.
    PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
  };
}
