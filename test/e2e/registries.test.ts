import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { referenceOf } from "../support/e2e/own-apps.ts";
import { PrivateRegistry, REGISTRY_IMAGE } from "../support/e2e/private-registry.ts";

const STACK = "pr-871";
const SOURCE = "websoft9/apprun:1.0.0";
const registry = new PrivateRegistry("apprun-e2e-registry", 18_871);
const IMAGE = registry.image("shop/api", "1.4.2");
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL,
  // The pin of the catalogue's app is refused beside an app's own image.
  images: {},
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  app: { ...SMALL.app, image: IMAGE },
  registries: registry.setting("pull"),
};

const ready = (await hasImage(REGISTRY_IMAGE)) && (await hasImage(SOURCE));

describe.skipIf(!ready)("an image of your own in a registry with a password (skipped without registry:3)", () => {
  const project = new TestProject(STACK, SETTINGS);
  const state = () =>
    readFileSync(join(project.directory, `.apprun/state/.pulumi/stacks/apprun/${STACK}.json`), "utf8");
  const give = async (password: string) => {
    const set = await project.pulumi(["config", "set", "--secret", "--path", "apprun:secrets.pull", password]);
    expect(set.code, set.stderr).toBe(0);
    await project.rememberSalt();
  };
  const objects = async () =>
    (await docker("ps", "-aq", "--filter", `name=apprun-${STACK}-`)) +
    (await docker("volume", "ls", "-q", "--filter", `name=apprun-${STACK}-`)) +
    (await docker("network", "ls", "-q", "--filter", `name=apprun-${STACK}-`));

  beforeAll(async () => {
    await wipe(STACK);
    await registry.start();
    await registry.push(SOURCE, IMAGE);
    project.configure(SMALL);
    expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
    await project.rememberSalt();
    project.configure(SETTINGS);
  });
  afterAll(async () => {
    await wipe(STACK);
    await registry.stop(IMAGE);
  });

  it("is refused before any change with a wrong password", async () => {
    await give("wrong-horse-battery");
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(stderr).toContain("nothing was changed");
    expect(stderr).toContain(`refuses ${registry.user}, the login of apprun:registries.${registry.host}`);
    expect(await objects()).toBe("");
  });

  it("is refused before any change under a tag that is not there", async () => {
    await give(registry.password);
    project.configure({ ...SETTINGS, app: { ...SETTINGS.app, image: { ...IMAGE, tag: "9.9.9" } } });
    const { code, stderr } = await project.cli(["up"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${registry.host} has no such tag or digest`)]);
    expect(await objects()).toBe("");
    project.configure(SETTINGS);
  });

  it("is pulled with the right one, which no state and no output has in plain text", async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect((await docker("inspect", "--format", "{{.Config.Image}}", `apprun-${STACK}-apprun`)).trim()).not.toBe("");
    expect(await docker("images", "--format", "{{.Repository}}:{{.Tag}}")).toContain(referenceOf(IMAGE));
    for (const text of [state(), project.output, readFileSync(join(project.directory, `Pulumi.${STACK}.yaml`), "utf8")])
      expect(text).not.toContain(registry.password);
  });

  it("changes nothing with a second up", async () => {
    const { stderr, code } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });
});
