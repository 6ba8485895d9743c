import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { settingsFromFile } from "../../components/stack/stack-file.ts";

function read(text: string, { project = "apprun", config = "" } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  writeFileSync(join(directory, "Pulumi.yaml"), `name: ${project}\n${config}`);
  writeFileSync(join(directory, "Pulumi.dev.yaml"), text);
  return { directory, settings: () => settingsFromFile(directory, project, "dev") };
}

it("reads the settings of the project and leaves the engine's and the providers' alone", () => {
  const { settings } = read(
    "encryptionsalt: v1:abc\nconfig:\n  apprun:app: { logLevel: debug }\n  pulumi:disable-default-providers: ['*']\n",
  );
  expect(settings().app.logLevel).toBe("debug");
});

it("stands in for an encrypted secret, and refuses one in plain text", async () => {
  const { secrets } = read(
    "config:\n  apprun:kratos: { mailFrom: a@example.com }\n  apprun:smtpUri: { secure: v1:abc }\n",
  ).settings();
  expect(secrets.smtpUri === undefined ? false : await isSecret(secrets.smtpUri)).toBe(true);
  expect(read("config:\n  apprun:smtpUri: smtps://me:hunter2@mail\n").settings).toThrow(
    /apprun:smtpUri: got a plain text/,
  );
});

it("says which file and line is no YAML, or no map", () => {
  const bad = read("config:\n  apprun:app: {\n");
  expect(bad.settings).toThrow(`${bad.directory}/Pulumi.dev.yaml: Flow map`);
  const list = read("- apprun\n");
  expect(list.settings).toThrow(
    `${list.directory}/Pulumi.dev.yaml: got no map; allowed: a map with the key config; see Pulumi.dev.yaml for an example`,
  );
});

describe("a key that nobody reads is refused", () => {
  it.each<[string, string, string]>([
    [
      "apprun:domain: example.com",
      "shop",
      "apprun:domain: got a key that nobody reads; allowed: shop:domain, after the name of the project; rename it",
    ],
    [
      "docker:host: tcp://10.0.0.5:2375",
      "apprun",
      "docker:host: got a key that nobody reads; allowed: apprun:docker.host, of which the program tells the provider; move it there",
    ],
    [
      "shop:smtpUri: { secure: v1:abc }",
      "apprun",
      "shop:smtpUri: got a key that nobody reads; allowed: apprun:smtpUri, after the name of the project; rename it",
    ],
  ])("%s of project %s", (line, project, message) => {
    expect(read(`config:\n  ${line}\n`, { project }).settings).toThrow(message);
  });

  it("and problems name the settings of a renamed project by its own name", () => {
    expect(read("config:\n  shop:proxy: { port: 0 }\n", { project: "shop" }).settings).toThrow(
      "  shop:proxy.port: got 0",
    );
    expect(read("config:\n  shop:kratos: { mailFrom: a@example.com }\n", { project: "shop" }).settings).toThrow(
      "run: pulumi config set --secret shop:smtpUri",
    );
  });
});

describe("what the project says for all of its stacks", () => {
  const config = (lines: string) => ({ config: `config:\n${lines}` });

  it.each([
    ["a value", "  apprun:app: { default: { logLevel: debug } }\n"],
    ["a key without a prefix", "  app: { default: { logLevel: debug } }\n"],
    ["a declaration with a value", "  apprun:app: { value: { logLevel: debug } }\n"],
  ])("counts: %s", (_, lines) => {
    expect(read("config: {}\n", config(lines)).settings().app.logLevel).toBe("debug");
  });

  it("gives way to what the stack says, whole key by whole key", () => {
    const { app } = read(
      "config:\n  apprun:app: { replicas: 2 }\n",
      config("  app: { default: { logLevel: debug } }\n"),
    ).settings();
    expect(app).toMatchObject({ replicas: 2, logLevel: "info" });
  });

  it("is checked too", () => {
    expect(read("config: {}\n", config("  domain: 192.168.1.10\n")).settings).toThrow("apprun:domain: got");
    expect(read("config: {}\n", config("  shop:domain: { value: example.com }\n")).settings).toThrow(
      "shop:domain: got a key that nobody reads",
    );
  });

  it("does not move the stack files", () => {
    const moved = read("config: {}\n", { config: "stackConfigDir: stacks\n" });
    expect(moved.settings).toThrow('got "stacks" as the directory of the stack files; allowed: stack files beside');
  });
});

it("reads what the engine reads: merge keys, maps in JSON, numbers for CPU", () => {
  const { app, host } = read(
    "common: &common { logLevel: debug }\nconfig:\n  apprun:app: { <<: *common, replicas: 2 }\n  apprun:host: '{\"cpu\": 4}'\n",
  ).settings();
  expect(app).toMatchObject({ logLevel: "debug", replicas: 2 });
  expect(host.cpu).toBe("4");
});

it("refuses an ESC environment, which only the engine can open", () => {
  expect(read("environment: [prod]\nconfig: {}\n").settings).toThrow(
    "got the key environment; allowed: settings in the file itself",
  );
});

it("refuses an encrypted value among plain settings by its path", () => {
  const sealed = read("config:\n  apprun:app: { config: { key: { secure: v1:abc } } }\n");
  expect(sealed.settings).toThrow("  apprun:app.config.key: got an encrypted value; allowed: a plain value");
  expect(sealed.settings).toThrow("pulumi config set --plaintext --path 'apprun:app.config.key' VALUE");
});
