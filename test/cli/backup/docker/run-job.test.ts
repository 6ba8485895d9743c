import type Docker from "dockerode";
import { expect, it } from "vitest";
import { runJob } from "../../../../cli/backup/docker/run-job.ts";

/** A container that ends as it is told to, or never. */
function container(end: Promise<{ StatusCode: number }>) {
  const log: string[] = [];
  const call = (name: string) => {
    log.push(name);
    return Promise.resolve();
  };
  const docker = {
    getContainer: () => ({ start: () => call("start"), wait: () => end, stop: () => call("stop") }),
  } as unknown as Docker;
  return { docker, log };
}

it("a job that hangs is stopped after its time", async () => {
  const { docker, log } = container(new Promise(() => undefined));
  await expect(runJob(docker, "apprun-dev-kratos-migrate", "1s")).rejects.toThrow(
    "job apprun-dev-kratos-migrate did not end within 1s and was stopped; look at: docker logs apprun-dev-kratos-migrate",
  );
  expect(log).toEqual(["start", "stop"]);
});

it("a job that fails says so, and one that ends well nothing", async () => {
  const failing = container(Promise.resolve({ StatusCode: 3 }));
  await expect(runJob(failing.docker, "apprun-dev-x", "300s")).rejects.toThrow(
    "job apprun-dev-x ended with exit code 3; look at: docker logs apprun-dev-x",
  );
  const good = container(Promise.resolve({ StatusCode: 0 }));
  await runJob(good.docker, "apprun-dev-x", "300s");
  expect(good.log).toEqual(["start"]);
});
