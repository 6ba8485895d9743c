import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-831";
const SERVER = `apprun-${STACK}-postgres`;
const project = new TestProject(STACK, {
  ...SMALL,
  prometheus: { enabled: false },
  grafana: { enabled: false },
  alerting: { enabled: false },
  temporal: { enabled: false },
});

beforeAll(() => wipe(STACK));
afterAll(() => wipe(STACK));

/** The server answers as one that replays its log does, for as long as the session lives: a smart shutdown waits for it. */
async function refuseConnections(): Promise<void> {
  spawn("docker", ["exec", SERVER, "psql", "-U", "postgres", "-c", "select pg_sleep(600)"], { stdio: "ignore" });
  await sleep(2000);
  await docker("exec", "--user", "postgres", SERVER, "sh", "-c", "kill -TERM 1");
  for (;;) {
    const { Status, Log } = JSON.parse(await docker("inspect", SERVER, "--format", "{{json .State.Health}}")) as {
      Status: string;
      Log: { ExitCode: number }[];
    };
    if (Status === "unhealthy" && Log.at(-1)?.ExitCode === 1) return;
    await sleep(500);
  }
}

it("a database that refuses connections for now is said to recover, and an update leaves it alone", async () => {
  const { code, stderr: progress } = await project.cli(["up"]);
  expect(code, progress).toBe(0);
  const before = (await containers(STACK))[SERVER];
  await refuseConnections();
  const status = await project.cli(["status"]);
  expect(status.stdout).toMatch(/^postgres +recovering /m);
  const { stderr } = await project.cli(["up"]);
  expect(stderr).toContain(
    "postgres is recovering and is left alone: it holds data, and a new one would begin its recovery again",
  );
  expect(stderr).not.toContain("replacing postgres");
  expect((await containers(STACK))[SERVER]).toBe(before);
});
