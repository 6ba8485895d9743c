import { afterAll, beforeAll, expect, it } from "vitest";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { getAsOperator } from "../support/e2e/operators.ts";

const STACK = "pr-521";
const PORT = 10_521;
const HOST = `prometheus.${STACK}.localhost`;
const SETTINGS = {
  ...SMALL,
  temporal: { enabled: false },
  grafana: { enabled: false },
  alerting: { enabled: false },
  exporters: { postgres: false, cache: false, host: false },
  proxy: { port: PORT },
};
const project = new TestProject(STACK, SETTINGS);
const passwordOf = async () => {
  const { stdout } = await project.cli(["credentials", "prometheus", "--json"]);
  return JSON.parse(stdout) as { username: string; password: string };
};
const asked = async (login: { username: string; password: string }) =>
  (await get(PORT, HOST, "/-/ready", { login: `${login.username}:${login.password}` })).status;

beforeAll(() => wipe(STACK));
afterAll(() => wipe(STACK));

it("operators' pages ask for the password that credentials shows, and a second up changes nothing", async () => {
  const { code, stderr } = await project.cli(["up"]);
  expect(code, stderr).toBe(0);
  expect((await get(PORT, HOST, "/-/ready")).status).toBe(401);
  expect(await asked({ username: "operator", password: "guess" })).toBe(401);
  expect((await getAsOperator(project, PORT, HOST, "/-/ready")).status).toBe(200);
  expect(await asked(await passwordOf())).toBe(200);
  expect((await getAsOperator(project, PORT, HOST, "/metrics")).status).toBe(404);

  const before = await containers(STACK);
  const second = await project.cli(["up"]);
  expect(second.code, second.stderr).toBe(0);
  expect(changedContainers(before, await containers(STACK))).toEqual([]);
  const places = `${project.output} ${await docker("inspect", ...Object.keys(before))}`;
  expect(places).not.toContain("$2a$");
});

it("a rotation makes the old password worthless, and leaves the proxy alone", async () => {
  const old = await passwordOf();
  const before = await containers(STACK);
  await project.rememberSalt();
  project.configure({ ...SETTINGS, rotation: { "proxy-operators": 2 } });
  const { code, stderr } = await project.cli(["up"]);
  expect(code, stderr).toBe(0);
  expect(changedContainers(before, await containers(STACK))).toEqual([
    `apprun-${STACK}-proxy-operators`,
    `apprun-${STACK}-proxy-routes`,
  ]);
  const current = await passwordOf();
  expect(current.password).not.toBe(old.password);
  await expect.poll(() => asked(current), { timeout: 20_000 }).toBe(200);
  expect(await asked(old)).toBe(401);
});
