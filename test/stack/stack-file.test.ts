import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { settingsFromFile } from "../../components/stack/stack-file.ts";

function read(text: string) {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  writeFileSync(join(directory, "Pulumi.dev.yaml"), text);
  return { directory, settings: () => settingsFromFile(directory, "apprun", "dev") };
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
