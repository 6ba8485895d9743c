import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-817";
const PLUGINS = join(homedir(), ".pulumi", "plugins");
/** What a stack on Docker uses. */
const USED = ["docker", "random"];

const file = (provider: string): string => {
  const text = readFileSync(new URL(`../../node_modules/@pulumi/${provider}/package.json`, import.meta.url), "utf8");
  return `/pulumi-resource-${provider}-v${(JSON.parse(text) as { version: string }).version}-linux-`;
};
const provider = (path: string): string => /^\/pulumi-resource-([a-z]+)-v/.exec(path)?.[1] ?? path;

const here = existsSync(PLUGINS) && USED.every((name) => readdirSync(PLUGINS).some((dir) => dir.includes(`-${name}-`)));

describe.skipIf(!here)("the first `up` on a machine without plugins, with a stand-in of the download site", () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  const asked: string[] = [];
  const project = new TestProject(STACK, { ...SMALL, temporal: { enabled: false }, grafana: { enabled: false } });
  let server: Server;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    await wipe(STACK);
    server = createServer((request, response) => {
      const path = request.url ?? "";
      asked.push(path);
      const name = readdirSync(PLUGINS).find((plugin) => path.startsWith(`/pulumi-${plugin}-`));
      if (name === undefined) response.writeHead(404).end();
      // The engine wants the length of a file before the file.
      else
        response.end(
          execFileSync("tar", ["-C", join(PLUGINS, name), "-c", "-I", "gzip -1", "."], { maxBuffer: 2 ** 30 }),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    env = {
      PULUMI_HOME: home,
      PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: `.*=http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(async () => {
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
    server.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("`up` asks for the providers that the stack uses, once, and for nothing else", async () => {
    const { code, stderr } = await project.cli(["up"], env);
    expect(code, stderr).toBe(0);
    expect(asked.map((path) => path.replace(/(amd64|arm64)\.tar\.gz$/, "")).sort()).toEqual(USED.map(file));
  });

  it("the next one asks for nothing", async () => {
    const { code, stderr } = await project.cli(["up"], env);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Resources:\s+\d+ unchanged/);
    expect(asked).toEqual([]);
  });

  it("one that cannot be had is named", async () => {
    rmSync(join(home, "plugins"), { recursive: true, force: true });
    const gone = { ...env, PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: ".*=http://127.0.0.1:1" };
    const { code, stderr } = await project.cli(["up"], gone);
    expect(code).toBe(1);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/docker|random/);
  });

  it("plain `pulumi preview` without the variable that docs/operating.md names asks for those of other stacks too", async () => {
    await project.pulumi(["preview"], { ...env, PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "false" });
    expect(asked.map(provider)).toContain("kubernetes");
  });
});
