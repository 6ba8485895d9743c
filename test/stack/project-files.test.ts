import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { readProjectFiles } from "../../components/stack/project-files.ts";
import { messageOf } from "../support/record/settings.ts";

const NO_LOGIN_FILES = { identitySchemas: {}, mailTemplates: {}, providers: {}, webHooks: {} };

let directory: string;
beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), "apprun-"));
  directory = join(root, "project");
  for (const folder of ["deploy", ".apprun"]) mkdirSync(join(directory, folder), { recursive: true });
  const file = (path: string, content: string | Buffer) => {
    writeFileSync(join(directory, path), content);
  };
  file("deploy/web.yaml", "port: 3000\n");
  file("deploy/empty", "");
  file("deploy/large", "x".repeat(256 * 1024 + 1));
  file("deploy/half", "x".repeat(200 * 1024));
  file("deploy/picture", Buffer.from([0x89, 0x50, 0xff, 0xfe]));
  file("deploy/zero", "a\0b");
  file(".apprun/passphrase", "hunter2");
  writeFileSync(join(root, "secret"), "hunter2");
  symlinkSync("../../secret", join(directory, "deploy/out"));
  symlinkSync("web.yaml", join(directory, "deploy/link"));
  symlinkSync("../.apprun/passphrase", join(directory, "deploy/state"));
});

const read = (files: Record<string, string>) =>
  readProjectFiles(
    { app: { files: {} }, services: { web: { files } }, kratos: NO_LOGIN_FILES, postgrest: {} },
    directory,
  );

describe("a file of the project", () => {
  it("is read, also by a link that stays inside", () => {
    expect(read({ "/etc/web.yaml": "deploy/web.yaml", "/etc/link": "deploy/link" })).toEqual({
      files: { "deploy/web.yaml": "port: 3000\n", "deploy/link": "port: 3000\n" },
      problems: [],
    });
  });

  it.each([
    ["deploy/none", "which is not there", "a file of the project"],
    ["deploy", "which is no file", "a file"],
    ["deploy/empty", "which is empty", "a file with a text in it"],
    ["deploy/large", "of 257 KiB", "at most 256 KiB"],
    ["deploy/picture", "which is no text", "text in UTF-8"],
    ["deploy/zero", "which is no text", "text in UTF-8"],
    ["deploy/out", "which leads out of the project", "a file inside of it"],
    [".apprun/passphrase", "which is where the state and its passphrase are", "a file outside of .apprun"],
    ["deploy/state", "which is where the state and its passphrase are", "a file outside of .apprun"],
  ])("is refused as %s", (path, got, allowed) => {
    const { files, problems } = read({ "/etc/x": path });
    expect(problems).toEqual([
      { path: "services.web.files./etc/x", got: `"${path}", ${got}`, allowed, fix: "change it" },
    ]);
    expect(files).toEqual({});
  });

  it("is refused with others that are too large together, or that a cluster could not tell apart", () => {
    const half = (path: string) => [path, "deploy/half"] as const;
    expect(read(Object.fromEntries(["/a", "/b", "/c"].map(half))).problems.map(({ got }) => got)).toEqual(["600 KiB"]);
    expect(
      read({ "/etc/a_b": "deploy/web.yaml", "/etc/a/b": "deploy/link" }).problems.map(({ allowed }) => allowed),
    ).toEqual(["one that differs from /etc/a_b in more than / and _"]);
  });

  it.each([
    ["/etc/shadow", "an absolute"],
    ["../secret", "up"],
    ["deploy/../../secret", "up"],
  ])("%s is refused by its form", (path) => {
    expect(messageOf({ app: { files: { "/etc/x": path } } })).toEqual([
      `  apprun:app.files./etc/x: got "${path}"; allowed: the path of a file of the project such as "deploy/web.yaml"; change it`,
    ]);
  });

  it.each(["etc/x", "/run/secrets/x", "/proc/1/x", "/etc/../run/x"])("is refused at %s of a container", (target) => {
    expect(messageOf({ app: { files: { [target]: "deploy/web.yaml" } } })[0]).toContain(
      'allowed: absolute paths of the container such as "/etc/web/config.yaml", outside of /run, /proc, /sys and /dev',
    );
  });

  it("is looked for in the stack's directory", () => {
    writeFileSync(
      join(directory, "Pulumi.dev.yaml"),
      "config:\n  apprun:app:\n    files:\n      /etc/web.yaml: deploy/web.yaml\n",
    );
    expect(settingsFromFile(directory, "apprun", "dev").projectFiles).toEqual({ "deploy/web.yaml": "port: 3000\n" });
  });
});
