import { execFileSync } from "node:child_process";
import { isSecret, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings } from "../../components/stack/parse.ts";
import { withApp } from "../support/record/with-app.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";

it.each(["dev", "prod"])(
  "the stack file %s of the repository belongs to nobody's passphrase: on another machine the engine would refuse it",
  (stack) => {
    // What is to be committed: `up` writes a salt into the file of the clone that it ran in.
    expect(execFileSync("git", ["show", `:Pulumi.${stack}.yaml`], { encoding: "utf8" })).not.toContain(
      "encryptionsalt",
    );
  },
);

describe("good settings", () => {
  const settings = (stack: string) => settingsFromFile(".", "apprun", stack);

  it.each(["dev", "prod", "test", "pr-12"])("of %s are valid, with or without a file", (stack) => {
    expect(settings(stack).identity).toEqual({ project: "apprun", stack });
  });

  it("protect data everywhere but in PR stacks", () => {
    expect(["dev", "prod", "pr-3"].map((stack) => settings(stack).volumes.protect)).toEqual([true, true, false]);
  });

  it("keep the operators' pages of a public proxy on a loopback port of their own", () => {
    const publicHost = parseSettings(
      { project: "apprun", stack: "staging" },
      { values: withApp({ proxy: { bind: "public" } }), secrets: {}, plainSecrets: [] },
    );
    expect(publicHost.proxy).toMatchObject({ bind: "public", port: 8200, teamPort: 18_200 });
    expect(settings("dev").proxy).toMatchObject({ bind: "loopback", port: 8000, teamPort: 8000 });
  });

  it("give each stack a domain of its own, where several have one file", () => {
    const domain = (stack: string, given?: string) =>
      parseSettings({ project: "apprun", stack }, { values: { domain: given }, secrets: {}, plainSecrets: [] }).domain;
    expect([domain("pr-7", "{stack}.example.com"), domain("pr-8", "{stack}.example.com")]).toEqual([
      "pr-7.example.com",
      "pr-8.example.com",
    ]);
    expect([domain("pr-7", "{stack}"), domain("pr-7", "example.com"), domain("pr-7")]).toEqual([
      "pr-7",
      "example.com",
      "pr-7.localhost",
    ]);
  });

  it("keep secrets as secret outputs", async () => {
    const uri = secret("smtps://user:hunter2@mail.example.com");
    const { secrets } = parseSettings(
      { project: "apprun", stack: "dev" },
      { values: { kratos: { mailFrom: "noreply@example.com" } }, secrets: { smtpUri: uri }, plainSecrets: [] },
    );
    expect(secrets.smtpUri === undefined ? false : await isSecret(secrets.smtpUri)).toBe(true);
  });
});
