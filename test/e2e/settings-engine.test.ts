import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runtime } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { engineEnvironment, findEngine } from "../../cli/engine/find.ts";
import { loadSettings } from "../../components/stack/load.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { BAD_FILES, GOOD_FILES, type StackFiles } from "../support/record/stack-files.ts";
import { finished } from "../support/run/process.ts";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const state = mkdtempSync(join(tmpdir(), "apprun-"));
const env: Record<string, string> = { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "of the test" };

function written({ stack, project }: Omit<StackFiles, "name">): string {
  const directory = join(mkdtempSync(join(tmpdir(), "apprun-")), "apprun");
  mkdirSync(directory);
  const config = project === undefined ? "" : `config:\n${project.replaceAll(/^/gm, "  ")}\n`;
  writeFileSync(join(directory, "Pulumi.yaml"), `name: apprun\nmain: handed-over.cjs\nruntime: nodejs\n${config}`);
  writeFileSync(join(directory, "package.json"), "{}");
  writeFileSync(
    join(directory, "handed-over.cjs"),
    'require("node:fs").writeFileSync("handed-over.json", process.env.PULUMI_CONFIG);',
  );
  symlinkSync(MODULES, join(directory, "node_modules"));
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

/** What a program is handed by the engine in a preview. */
async function handedOver(directory: string): Promise<Record<string, string>> {
  await pulumi(directory, "preview", "--stack", "dev");
  return JSON.parse(readFileSync(join(directory, "handed-over.json"), "utf8")) as Record<string, string>;
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
