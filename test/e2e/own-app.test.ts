import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { MINIFLUX, PUBLIC_APP, referenceOf } from "../support/e2e/own-apps.ts";

const OFF = { enabled: false };
/** Without the pin of the catalogue's app, which is refused beside an app's own image. */
const LIGHT = { ...SMALL, images: {}, temporal: OFF, grafana: OFF, prometheus: OFF };

const found = {
  public: await hasImage(referenceOf(PUBLIC_APP.image)),
  miniflux: await hasImage(referenceOf(MINIFLUX.image)),
};

/** A stack with one app, wiped before and after. */
function appStack(stack: string, app: object) {
  const settings = { ...LIGHT, app: { ...SMALL.app, readyTimeout: "180s", ...app } };
  const project = new TestProject(stack, settings);
  beforeAll(() => wipe(stack));
  afterAll(async () => {
    await project.cli(["destroy", "--remove-data", "--confirm", stack]);
    await wipe(stack);
  });
  return {
    project,
    settings,
    container: `apprun-${stack}-apprun`,
    ask: (path: string) => get(10_000 + Number(stack.slice(3)), `${stack}.localhost`, path),
  };
}

async function expectUp(project: TestProject): Promise<string> {
  const { code, stderr } = await project.cli(["up"]);
  expect(code, stderr).toBe(0);
  await project.rememberSalt();
  return stderr;
}

describe.skipIf(!found.public)("the public app, which reads plain variables only", () => {
  const { project, settings, container, ask } = appStack("pr-860", PUBLIC_APP);
  const state = () => readFileSync(join(project.directory, ".apprun/state/.pulumi/stacks/apprun/pr-860.json"), "utf8");
  const variable = async (name: string) => (await docker("exec", container, "printenv", name)).trim();

  it("comes up, is healthy and answers through the proxy", async () => {
    await expectUp(project);
    expect((await docker("inspect", "--format", "{{.State.Health.Status}}", container)).trim()).toBe("healthy");
    expect(await ask("/health")).toEqual({ status: 200, body: '{"status":"ok","service":"apprun"}' });
    expect((await ask("/api/")).body).toContain("Hello");
  });

  it("has its password in the variable and in no plain text of the state", async () => {
    const password = await variable("DATABASE_PASSWORD");
    expect(password).toHaveLength(32);
    expect(state()).not.toContain(password);
  });

  it("is left alone by a second up", async () => {
    const before = await containers("pr-860");
    const said = await expectUp(project);
    expect(said).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(await containers("pr-860")).toEqual(before);
  });

  it("alone starts again for a further variable and for another value of a secret", async () => {
    const env = { FEATURE_X: "on", STRIPE_KEY: { secret: "stripe" } };
    project.configure({ ...settings, app: { ...settings.app, env } });
    for (const value of ["sk_live_first", "sk_live_second"]) {
      const set = await project.pulumi(["config", "set", "--secret", "--path", "apprun:secrets.stripe", value]);
      expect(set.code, set.stderr).toBe(0);
      const before = await containers("pr-860");
      await expectUp(project);
      expect(changedContainers(before, await containers("pr-860"))).toEqual([container]);
      expect([await variable("FEATURE_X"), await variable("STRIPE_KEY")]).toEqual(["on", value]);
      expect(state()).not.toContain(value);
    }
    expect(project.output).not.toContain("sk_live");
    const { stdout } = await project.cli(["plan", "--json"]);
    expect((JSON.parse(stdout) as { secretVariables: object[] }).secretVariables).toEqual([
      { workload: "apprun", variables: ["DATABASE_PASSWORD", "STRIPE_KEY"] },
    ]);
  });

  it("differs in nothing from the model, and breaks no policy, by doctor", async () => {
    const { stdout } = await project.cli(["doctor", "--json"]);
    const { findings } = JSON.parse(stdout) as { findings: { check: string; message: string }[] };
    // What doctor says of the host itself is not this test's.
    expect(findings.filter(({ message }) => message.includes("apprun-pr-860-apprun"))).toEqual([]);
    expect(stdout).not.toContain("secret-not-in-env");
  });
});

describe.skipIf(!found.miniflux)("Miniflux, which reads one URL", () => {
  const { project, container, ask } = appStack("pr-861", MINIFLUX);

  it("migrates its database, is healthy and has its pages behind the proxy", async () => {
    await expectUp(project);
    expect((await docker("inspect", "--format", "{{.State.Health.Status}}", container)).trim()).toBe("healthy");
    expect(await ask("/healthcheck")).toEqual({ status: 200, body: "OK" });
    expect((await ask("/")).body).toContain("Miniflux");
  });

  it("is left alone by a second up", async () => {
    const before = await containers("pr-861");
    await expectUp(project);
    expect(await containers("pr-861")).toEqual(before);
  });
});
