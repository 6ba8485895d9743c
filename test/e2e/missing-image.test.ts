import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-872";
/** Nothing listens there. */
const HOST = "127.0.0.1:9";
const OFF = { enabled: false };
const IMAGE = { registry: HOST, repository: "shop/api", tag: "1.4.2", uid: 10001, gid: 10001, probeTool: "curl" };
const project = new TestProject(STACK, {
  ...SMALL,
  images: {},
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  app: { ...SMALL.app, image: IMAGE },
});

beforeAll(() => wipe(STACK));
afterAll(() => wipe(STACK));

it("an image that is not there and cannot be pulled is refused before anything is made, with the reason", async () => {
  const { code, stderr } = await project.cli(["up"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /stack pr-872: 1 of \d+ images are not on the host and cannot be pulled; nothing was changed:\n {2}127\.0\.0\.1:9\/shop\/api:1\.4\.2: .*(refused|unreachable|denied).*\n/s,
  );
  for (const [list, filter] of [
    [["ps", "-aq"], `name=apprun-${STACK}-`],
    [["network", "ls", "-q"], `name=apprun-${STACK}-`],
    [["volume", "ls", "-q"], `name=apprun-${STACK}-`],
  ] as const)
    expect(await docker(...list, "--filter", filter), list.join(" ")).toBe("");
  const state = join(project.directory, `.apprun/state/.pulumi/stacks/apprun/${STACK}.json`);
  const resources = existsSync(state)
    ? ((JSON.parse(readFileSync(state, "utf8")) as { checkpoint: { latest?: { resources?: unknown[] } } }).checkpoint
        .latest?.resources ?? [])
    : [];
  expect(resources).toEqual([]);
});
