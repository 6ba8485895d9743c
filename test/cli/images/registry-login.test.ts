import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imagesDigests } from "../../../cli/commands/images.ts";
import { authorizationFor } from "../../../cli/images/authorization.ts";
import { RegistryClient } from "../../../cli/images/registry-client.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import { FakeRegistry } from "../../support/fakes/registry.ts";
import { captured } from "../../support/fakes/terminal.ts";
import { projectDirectory } from "../../support/run/cli.ts";

const PASSWORD = "pull-secret-4711";
const FOUND = { digest: `sha256:${"1".repeat(64)}`, platforms: ["linux/amd64", "linux/arm64"] };
/** Every image of the catalogue, as a mirror has them. */
const MIRROR = Object.fromEntries(
  Object.values(CATALOGUE).map(({ repository, tag }) => [`hub/${repository}`, { [tag]: FOUND }]),
);

describe.each(["basic", "bearer"] as const)("a private registry that asks for a login: %s", (asks) => {
  const registry = new FakeRegistry(
    { "shop/api": { "1.0.0": FOUND, "1.1.0": FOUND }, ...MIRROR },
    { username: "ci", password: PASSWORD, asks },
  );
  let host = "";
  beforeAll(async () => {
    host = await registry.start();
  });
  afterAll(() => {
    registry.stop();
  });
  const as = (password: string) => new RegistryClient((of) => Promise.resolve({ host: of, username: "ci", password }));

  it("is read with the stack's login, asked for once", async () => {
    const hosts: string[] = [];
    const client = new RegistryClient((of) => {
      hosts.push(of);
      return Promise.resolve({ host: of, username: "ci", password: PASSWORD });
    });
    expect(await client.image(host, "shop/api", "1.0.0")).toEqual(FOUND);
    expect(await client.tags(host, "shop/api")).toEqual(["1.0.0", "1.1.0"]);
    expect(hosts).toEqual([host]);
    expect(registry.asked.join()).not.toContain(PASSWORD);
  });

  it("is said to need one where there is none", async () => {
    await expect(new RegistryClient().image(host, "shop/api", "1.0.0")).rejects.toThrow(`apprun:registries.${host}`);
  });

  it("refuses a wrong one by its user's name, without the password", async () => {
    const error = await as("not-this").image(host, "shop/api", "1.0.0").then(String, String);
    expect(error).toContain(`apprun:registries.${host}`);
    expect(error).not.toContain("not-this");
    expect(error).not.toContain(Buffer.from("ci:not-this").toString("base64"));
  });

  const stackWith = (password: string) =>
    projectDirectory(`config:
  apprun:images: { registry: "${host}/hub" }
  apprun:registries: { "${host}": { username: ci, password: { secret: pull } } }
  apprun:secretsCommand: [printf, '{"pull":"${password}"}']
`);

  it("gives digests to the stack that logs in there, and the password is printed nowhere", async () => {
    const { stdout, stderr, error } = await captured(() => imagesDigests({ stack: "dev", cwd: stackWith(PASSWORD) }));
    expect(error).toBeUndefined();
    expect(stdout).toContain(FOUND.digest);
    expect(stdout + stderr).not.toContain(PASSWORD);
  });

  it("writes nothing for a stack whose password is another", async () => {
    const cwd = stackWith("old-secret-0815");
    const before = readFileSync(join(cwd, "Pulumi.dev.yaml"), "utf8");
    const { stdout, stderr, error } = await captured(() => imagesDigests({ stack: "dev", cwd }));
    expect(error?.message).toContain(`apprun:registries.${host}`);
    expect(stdout + stderr + String(error)).not.toContain("old-secret-0815");
    expect(readFileSync(join(cwd, "Pulumi.dev.yaml"), "utf8")).toBe(before);
  });
});

it("sends no password to a token service without TLS", async () => {
  const asked = authorizationFor(
    'Bearer realm="http://token.example.com/auth"',
    { base: "https://registry.example.com", host: "registry.example.com", repository: "shop/api" },
    (host) => Promise.resolve({ host, username: "ci", password: PASSWORD }),
  );
  await expect(asked).rejects.toThrow(/token\.example\.com without TLS; nothing was sent/);
});

it("asks for no login where a registry asks for something unknown", async () => {
  const place = { base: "https://registry.example.com", host: "registry.example.com", repository: "shop/api" };
  const never = () => Promise.reject(new Error("asked"));
  expect(await authorizationFor("Negotiate", place, never)).toBeUndefined();
});
