import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { cli, projectDirectory } from "../../support/run/cli.ts";

const STACK_FILE =
  "config:\n  apprun:platform: kubernetes\n  apprun:domain: example.com\n  apprun:images: { pins: { apprun: { tag: 1.0.0 } } }\n";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

describe("rendered manifests", () => {
  const directory = projectDirectory(STACK_FILE, "prod");
  const render = (out: string, ...args: string[]) =>
    cli(["render", "--stack", "prod", "--cwd", directory, "--out", join(directory, out), ...args]);
  const files = (out: string) => readdirSync(join(directory, out)).filter((file) => file.endsWith(".yaml"));
  const read = (out: string, file: string) => readFileSync(join(directory, out, file), "utf8");
  const manifests = (out: string) => files(out).map((file) => parse(read(out, file)) as Manifest);

  beforeAll(async () => {
    expect((await render("one", "--generate-secrets")).code).toBe(0);
    expect((await render("two")).code).toBe(0);
  });

  it("are the same byte for byte every time", () => {
    expect(files("one")).toEqual(files("two"));
    for (const file of files("one")) expect(read("one", file), file).toBe(read("two", file));
  });

  it("sort so that what others refer to comes first", () => {
    const kinds = manifests("one").map(({ kind }) => kind);
    expect([...new Set(kinds)].slice(0, 7)).toEqual([
      "Namespace",
      "StorageClass",
      "ServiceAccount",
      "Role",
      "RoleBinding",
      "NetworkPolicy",
      "PersistentVolumeClaim",
    ]);
    expect(kinds.indexOf("Deployment")).toBeGreaterThan(kinds.lastIndexOf("ConfigMap"));
  });

  it("refer to ConfigMaps and Secrets that are there, and hold no secret", () => {
    const text = files("one")
      .map((file) => read("one", file))
      .join("\n");
    expect(text).not.toContain("__secret_");
    expect(manifests("one").map(({ kind }) => kind)).not.toContain("Secret");
    const named = new Set(manifests("one").map(({ metadata }) => metadata.name));
    const secrets = new Set(files("one/secrets").map((file) => file.replace(/\.yaml$/, "")));
    for (const [, name = ""] of text.matchAll(/secretName: (\S+)/g)) expect(secrets, name).toContain(name);
    for (const [, name = ""] of text.matchAll(/configMap:\n(?:.*\n)*? +name: (\S+)/g))
      expect(named, name).toContain(name);
    expect(secrets.size).toBe(13);
  });

  it("come with secrets on demand, for the owner's eyes, the same password wherever it stands", () => {
    const password = /requirepass (\S+)/.exec(
      read(
        "one/secrets",
        files("one/secrets").find((file) => file.startsWith("cache-secrets"))!,
      ),
    )?.[1];
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(
      read(
        "one/secrets",
        files("one/secrets").find((file) => file.startsWith("apprun-secrets"))!,
      ),
    ).toContain(`redis://:${password ?? ""}@cache:6379`);
    for (const file of files("one/secrets"))
      expect(statSync(join(directory, "one/secrets", file)).mode & 0o777, file).toBe(0o600);
  });

  it("keep nothing of an earlier rendering with other content", async () => {
    const before = files("two");
    const other = projectDirectory(`${STACK_FILE}  apprun:app: { config: { greeting: hello } }\n`, "prod");
    expect((await cli(["render", "--stack", "prod", "--cwd", other, "--out", join(directory, "two")])).code).toBe(0);
    const changed = files("two").filter((file) => !before.includes(file));
    // A backup set holds the app's configuration.
    expect(changed).toEqual(
      ["apprun", "backup"].map((name): unknown => expect.stringMatching(new RegExp(`^\\d+-configmap-${name}-files-`))),
    );
    expect(files("two")).toHaveLength(before.length);
  });
});
