import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { changedContainers, containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { glibcNode, greeter, LONG, makeWorkerImage } from "../support/e2e/worker-image.ts";

const STACK = "pr-874";
const WORKER = `apprun-${STACK}-greeter`;
const IMAGE = { repository: "apprun-e2e/temporal-worker", tag: "1.24.0", uid: 1000, gid: 1000 };
const REFERENCE = `${IMAGE.repository}:${IMAGE.tag}`;
const OFF = { enabled: false };
const settings = (GREETING: string) => ({
  ...SMALL,
  grafana: OFF,
  prometheus: OFF,
  temporal: { namespace: "shop", ui: false },
  services: { greeter: greeter(IMAGE, GREETING) },
});

const base = await glibcNode();

describe.skipIf(base === undefined)("a worker of Temporal's SDK (skipped without an image of Node with glibc)", () => {
  const project = new TestProject(STACK, settings("Hello"));
  const client = async (...args: string[]) =>
    (await docker("exec", WORKER, "node", "/srv/worker/client.mjs", ...args)).trim();
  const up = async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    return stderr;
  };

  beforeAll(async () => {
    await wipe(STACK);
    await makeWorkerImage(base!, REFERENCE);
  });
  afterAll(async () => {
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
    await docker("rmi", REFERENCE);
  });

  it("does the work of the stack's Temporal, in the namespace and queue that it is told", async () => {
    await up();
    await client("start", "first", "Ada", "0");
    expect(await client("result", "first")).toBe("Hello Ada, try 1");
  });

  it("is left alone by a second up", async () => {
    const before = await containers(STACK);
    expect(await up()).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(await containers(STACK)).toEqual(before);
  });

  it("ends what it has begun when a variable changes, and no other container starts again", async () => {
    const before = await containers(STACK);
    await client("start", "begun", "Grace", String(LONG));
    await vi.waitFor(async () => {
      expect(await docker("logs", WORKER)).toContain("composing for Grace");
    }, 30_000);
    project.configure(settings("Good day"));
    await up();
    expect(changedContainers(before, await containers(STACK))).toEqual([WORKER]);
    // The old worker's greeting, and no second try by the new one.
    expect(await client("result", "begun")).toBe("Hello Grace, try 1");
    await client("start", "next", "Alan", "0");
    expect(await client("result", "next")).toBe("Good day Alan, try 1");
  });

  it("ends by itself within its grace when it is stopped in the middle of its work", async () => {
    await client("start", "last", "Edsger", String(LONG));
    await vi.waitFor(async () => {
      expect(await docker("logs", WORKER)).toContain("composing for Edsger");
    }, 30_000);
    const begun = Date.now();
    await docker("stop", WORKER);
    // Killed, it would have ended with 137.
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", WORKER)).toBe("0\n");
    expect(Date.now() - begun).toBeGreaterThan(10_000);
    await docker("start", WORKER);
    expect(await client("result", "last")).toBe("Good day Edsger, try 1");
  });
});
