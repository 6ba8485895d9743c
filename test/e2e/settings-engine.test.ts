import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { engineEnvironment, findEngine } from "../../cli/engine/find.ts";
import { loadSettings } from "../../components/stack/load.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { BAD_FILES, GOOD_FILES, type StackFiles } from "../support/record/stack-files.ts";
import { finished } from "../support/run/process.ts";

const state = mkdtempSync(join(tmpdir(), "apprun-"));
const env: Record<string, string> = { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "of the test" };

function written({ stack, project }: Omit<StackFiles, "name">): string {
  const directory = join(mkdtempSync(join(tmpdir(), "apprun-")), "apprun");
  mkdirSync(directory);
  const config = project === undefined ? "" : `config:\n${project.replaceAll(/^/gm, "  ")}\n`;
  writeFileSync(join(directory, "Pulumi.yaml"), `name: apprun\nruntime: nodejs\n${config}`);
  writeFileSync(join(directory, "Pulumi.dev.yaml"), stack);
  return directory;
}

async function pulumi(directory: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await finished(
    spawn("pulumi", [...args, "--non-interactive"], { cwd: directory, env: { ...process.env, ...env } }),
  );
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** What the engine hands to the program, as the engine itself says. */
async function handedOver(directory: string): Promise<Record<string, string>> {
  const config = JSON.parse(await pulumi(directory, "config", "--json", "--stack", "dev")) as Record<
    string,
    { readonly value: string }
  >;
  return Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
}

/** Settings without secrets, or why there are none. */
function outcome(read: () => Settings): unknown {
  try {
    const { secrets, ...settings } = read();
    return { ...settings, secrets: Object.keys(secrets) };
  } catch (error) {
    return (error as Error).message;
  }
}

const engine = await findEngine();

describe.skipIf("missing" in engine)("the engine and the commands read the same", () => {
  beforeAll(async () => {
    if (!("missing" in engine)) Object.assign(env, engineEnvironment(engine));
    await runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "apprun", "dev");
    await pulumi(written({ stack: "" }), "stack", "init", "dev");
  });

  it.concurrent.each([...GOOD_FILES, ...BAD_FILES])("$name", async (files) => {
    const directory = written(files);
    const given = await handedOver(directory);
    runtime.setAllConfig(given);
    const live = outcome(loadSettings);
    expect(live).toEqual(outcome(() => settingsFromFile(directory, "apprun", "dev")));
    expect(typeof live).toBe(GOOD_FILES.includes(files) ? "object" : "string");
  });
});
