import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { BAD_FILES, GOOD_FILES } from "../support/record/stack-files.ts";

function read(stack: string, project = "", name = "apprun") {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  writeFileSync(join(directory, "Pulumi.yaml"), `name: ${name}\n${project}`);
  writeFileSync(join(directory, "Pulumi.dev.yaml"), stack);
  return settingsFromFile(directory, name, "dev");
}

const config = (text: string | undefined) => (text === undefined ? "" : `config:\n${text.replaceAll(/^/gm, "  ")}\n`);

describe("a stack's files are read as the engine reads them", () => {
  it.each(GOOD_FILES)("$name: accepted", ({ stack, project }) => {
    expect(() => read(stack, config(project))).not.toThrow();
  });

  it.each(BAD_FILES)("$name: refused", ({ stack, project }) => {
    expect(() => read(stack, config(project))).toThrow(/Pulumi\.dev\.yaml has \d+ problem/);
  });

  it("fills what the stack does not say from the project, path by path", () => {
    const { app, domain } = read(
      "config:\n  apprun:app: { logLevel: debug }\n",
      config("app.replicas: 2\ndomain: { value: b.example.com }"),
    );
    expect([app.logLevel, app.replicas, domain]).toEqual(["debug", 2, "b.example.com"]);
  });

  it("takes a number for CPU, which `pulumi config set --path` writes", () => {
    expect(read("config:\n  apprun:host: { cpu: 2 }\n").host.cpu).toBe("2");
  });
});

describe("a key that nobody reads is refused", () => {
  it.each([
    [
      "apprun:domain: a.example.com",
      "shop",
      "apprun:domain: got a key that nobody reads; allowed: shop:domain, after the name of the project; rename it",
    ],
    [
      "random:x: 1",
      "apprun",
      "random:x: got a key that nobody reads; allowed: keys that begin with apprun:; remove it",
    ],
    [
      "docker:host: tcp://192.0.2.1:2376",
      "apprun",
      "docker:host: got a key that nobody reads; allowed: apprun:docker.host, of which the program tells the provider; move it there",
    ],
    [
      "apprun:app.replicas: 2",
      "apprun",
      "write it as a map, as this does: pulumi config set --path 'apprun:app.replicas'",
    ],
    ["apprun:postgres: { readyTimeout: 30s }", "apprun", "did you mean apprun:app.readyTimeout?"],
    ["shop:app: { replica: 2 }", "shop", "shop:app.replica: got an unknown key"],
  ])("%s in the project %s: %s", (stack, name, message) => {
    expect(() => read(`config:\n  ${stack}\n`, "", name)).toThrow(message);
  });

  it("lists the nearest keys where there are many", () => {
    expect(() => read("config:\n  apprun:grafanna: {}\n")).toThrow(
      /allowed: (?:\w+, ){9}\w+ and \d+ more, which Pulumi\.schema\.json lists; did you mean "grafana"\?/,
    );
  });
});

it.each([
  ["environment: [prod]\n", "", "got the key environment; allowed: settings in the file itself"],
  ["", "stackConfigDir: stacks\n", 'got "stacks" as the directory of the stack files'],
  ["", "config: { domain: { type: string, default: a.example.com } }\n", "config.domain: got the key type"],
  [
    "",
    "config: { domain: {} }\n",
    "config.domain: got a map; allowed: the value itself, or a map with default or value",
  ],
])("refuses what only the engine could read: %j, %j", (stack, project, message) => {
  expect(() => read(stack, project)).toThrow(message);
});

describe("an encrypted value among plain settings", () => {
  const stack = "config:\n  apprun:app:\n    logLevel: { secure: v1:abc }\n";

  it("is refused by its path, with the command", () => {
    expect(() => read(stack)).toThrow(
      /apprun:app\.logLevel: got an encrypted value; allowed: a plain value; run: pulumi config set --plaintext --path 'apprun:app\.logLevel' VALUE/,
    );
  });

  it("is named once, whatever else would be wrong with it", () => {
    expect(() => read(stack)).toThrow(/has 1 problem:/);
  });
});
