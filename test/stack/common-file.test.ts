import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { settingsFromFile } from "../../components/stack/stack-file.ts";

function settings(files: Readonly<Record<string, object>>, stack = "pr-7") {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  for (const [name, config] of Object.entries(files))
    writeFileSync(join(directory, `Pulumi.${name}.yaml`), JSON.stringify({ config }));
  return settingsFromFile(directory, "apprun", stack);
}

it("a stack of a pull request has what such stacks have in common, without a file of its own", () => {
  const { platform, docker } = settings({ pr: { "apprun:docker": { host: "ssh://ci@pull-requests" } } });
  expect([platform, docker.host]).toEqual(["docker", "ssh://ci@pull-requests"]);
});

it("a key of the stack's own file takes the place of the common one with everything below it", () => {
  const { app } = settings({
    pr: { "apprun:app": { logLevel: "debug", replicas: 2 } },
    "pr-7": { "apprun:app": { replicas: 3 } },
  });
  expect([app.logLevel, app.replicas]).toEqual([settings({}).app.logLevel, 3]);
});

it("secrets may be in both files, and a plain one is refused in either", () => {
  const mail = { "apprun:kratos": { mailFrom: "a@example.com" } };
  expect(Object.keys(settings({ pr: { ...mail, "apprun:smtpUri": { secure: "v1:abc" } } }).secrets)).toEqual([
    "smtpUri",
  ]);
  expect(() =>
    settings({
      pr: { ...mail, "apprun:smtpUri": "smtps://me:hunter2@mail" },
      "pr-7": { "apprun:smtpUri": { secure: "v1:abc" } },
    }),
  ).toThrow(/apprun:smtpUri: got a plain text/);
});

it.each(["dev", "test", "staging"])("%s does not read it", (stack) => {
  const own = { "apprun:images": { pins: { apprun: { tag: "1.0.0" } } } };
  const files = { pr: { "apprun:docker": { host: "ssh://ci@pull-requests" } }, [stack]: own };
  expect(settings(files, stack).docker.host).not.toContain("pull-requests");
});
