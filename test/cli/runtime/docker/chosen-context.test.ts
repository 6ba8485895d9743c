import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { takeDockerEnvironment } from "../../../../cli/kit/docker-environment.ts";
import { chosenContext } from "../../../../cli/runtime/docker/chosen-context.ts";

/** Docker's directory as its command line writes it. */
function dockerDirectory(config: string, contexts: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "docker-"));
  writeFileSync(join(directory, "config.json"), config);
  for (const [name, host] of Object.entries(contexts)) {
    const meta = join(directory, "contexts", "meta", createHash("sha256").update(name).digest("hex"));
    mkdirSync(meta, { recursive: true });
    writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
  }
  return directory;
}

describe("the context that was chosen", () => {
  it.each<[string, string, Record<string, string>, object | undefined]>([
    ["is told with its engine", '{"currentContext":"vps"}', { vps: "ssh://vps" }, { name: "vps", host: "ssh://vps" }],
    ["is none by default", "{}", { vps: "ssh://vps" }, undefined],
    ["is none where Docker's own default is chosen", '{"currentContext":"default"}', {}, undefined],
    ["is none where it is gone", '{"currentContext":"vps"}', {}, undefined],
    ["is none where the file cannot be read", "{", {}, undefined],
  ])("%s", (_, config, contexts, chosen) => {
    expect(chosenContext(dockerDirectory(config, contexts))).toEqual(chosen);
  });

  it("is none without Docker's directory", () => {
    expect(chosenContext("/nonexistent")).toBeUndefined();
  });
});

it("variables that choose a Docker are taken out of the environment, and remembered", () => {
  const environment = { DOCKER_HOST: "ssh://vps", DOCKER_KEY_MATERIAL: "key", DOCKER_CONFIG: "/config", PATH: "/bin" };
  const taken = {};
  const both = { DOCKER_HOST: "ssh://vps", DOCKER_KEY_MATERIAL: "key" };
  expect(takeDockerEnvironment(environment, taken)).toEqual(both);
  expect(environment).toEqual({ DOCKER_CONFIG: "/config", PATH: "/bin" });
  expect(takeDockerEnvironment({}, taken)).toEqual(both);
});
