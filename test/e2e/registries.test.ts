import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-871";
const PORT = 18_871;
const HOST = `127.0.0.1:${PORT}`;
const REGISTRY = "apprun-e2e-registry";
const USER = "ci";
const PASSWORD = "correct-horse-battery";
/** The password by bcrypt, which is all that the registry takes. */
const HTPASSWD = `${USER}:$2b$12$bULtxdUDzDDXfN.wXFVlg.SyqXy2wvxyccg04tWcDqYnf8Nzy3beu`;
/** All that the registry is told: its image's own file is elsewhere in each version. */
const CONFIGURATION = JSON.stringify({
  version: "0.1",
  storage: { filesystem: { rootdirectory: "/var/lib/registry" } },
  http: { addr: ":5000" },
  auth: { htpasswd: { realm: "e2e", path: "/tmp/htpasswd" } },
});
const SOURCE = "websoft9/apprun:1.0.0";
const IMAGE = { registry: HOST, repository: "shop/api", tag: "1.4.2", uid: 10001, gid: 10001, probeTool: "curl" };
const REFERENCE = `${HOST}/${IMAGE.repository}:${IMAGE.tag}`;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL,
  // The pin of the catalogue's app is refused beside an app's own image.
  images: {},
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  app: { ...SMALL.app, image: IMAGE },
  registries: { [HOST]: { username: USER, password: { secret: "pull" } } },
};

const ready = (await hasImage("registry:3")) && (await hasImage(SOURCE));

describe.skipIf(!ready)("an image of your own in a registry with a password (skipped without registry:3)", () => {
  const project = new TestProject(STACK, SMALL);
  const state = () =>
    readFileSync(join(project.directory, `.apprun/state/.pulumi/stacks/apprun/${STACK}.json`), "utf8");
  const give = async (password: string) => {
    const set = await project.pulumi(["config", "set", "--secret", "--path", "apprun:secrets.pull", password]);
    expect(set.code, set.stderr).toBe(0);
    await project.rememberSalt();
  };

  beforeAll(async () => {
    await wipe(STACK);
    await docker("rm", "-f", REGISTRY).catch(() => "");
    await docker(
      ...["create", "--name", REGISTRY, "-p", `${HOST}:5000`],
      ...["-e", `HTPASSWD=${HTPASSWD}`, "-e", `CONFIGURATION=${CONFIGURATION}`],
      ...["--entrypoint", "sh", "registry:3", "-c"],
      'echo "$HTPASSWD" >/tmp/htpasswd; echo "$CONFIGURATION" >/tmp/config.yml; exec registry serve /tmp/config.yml',
    );
    await docker("start", REGISTRY);
    const config = ["--config", mkdtempSync(join(tmpdir(), "apprun-"))];
    await docker("tag", SOURCE, REFERENCE);
    await vi.waitFor(
      async () => {
        expect(await docker(...config, "login", "-u", USER, "-p", PASSWORD, HOST)).toContain("Login Succeeded");
      },
      { timeout: 20_000 },
    );
    await docker(...config, "push", REFERENCE);
    await docker("rmi", REFERENCE);
    expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
    await project.rememberSalt();
    project.configure(SETTINGS);
  });
  afterAll(async () => {
    await wipe(STACK);
    await docker("rm", "-f", REGISTRY);
    await docker("rmi", REFERENCE).catch(() => "");
  });

  it("is not pulled with a wrong password, and nothing runs then", async () => {
    await give("wrong-horse-battery");
    const { code, stderr } = await project.cli(["up"]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/unauthorized|no basic auth|authentication required|denied/i);
    expect(await docker("ps", "-q", "--filter", `name=apprun-${STACK}-apprun`)).toBe("");
  });

  it("is pulled with the right one, which no state and no output has in plain text", async () => {
    await give(PASSWORD);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect((await docker("inspect", "--format", "{{.Config.Image}}", `apprun-${STACK}-apprun`)).trim()).not.toBe("");
    expect(await docker("images", "--format", "{{.Repository}}:{{.Tag}}")).toContain(REFERENCE);
    for (const text of [state(), project.output, readFileSync(join(project.directory, `Pulumi.${STACK}.yaml`), "utf8")])
      expect(text).not.toContain(PASSWORD);
  });

  it("changes nothing with a second up", async () => {
    const { stderr, code } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });
});
