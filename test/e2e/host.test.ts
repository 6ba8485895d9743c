import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const noEngine = { PATH: "/usr/bin:/bin" };

describe("two stacks on one host", () => {
  const [one, two] = [
    new TestProject("pr-902", SMALL),
    new TestProject("pr-903", { ...SMALL, app: { ...SMALL.app, replicas: 2 } }),
  ];
  const both = () => Promise.all([wipe("pr-902"), wipe("pr-903")]);
  beforeAll(both);
  afterAll(both);

  it("come up side by side and do not meet", async () => {
    const results = await Promise.all([one.cli(["up"]), two.cli(["up"])]);
    for (const { code, stderr } of results) expect(code, stderr).toBe(0);
    expect((await get(10_902, "pr-902.localhost", "/api/items", { method: "POST", body: "mine" })).status).toBe(201);
    expect((await get(10_903, "pr-903.localhost", "/api/items")).body).toContain('"count":0');
    expect((await get(10_903, "pr-902.localhost", "/")).status).toBe(404);
    const [first, second] = [await containers("pr-902"), await containers("pr-903")];
    expect(Object.keys(first).filter((name) => name in second)).toEqual([]);
    const networks = async (name: string) =>
      (await docker("inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", name))
        .trim()
        .split(" ");
    expect(await networks("apprun-pr-902-apprun")).toEqual([
      "apprun-pr-902-backend",
      "apprun-pr-902-data",
      "apprun-pr-902-edge",
    ]);
    expect(await networks("apprun-pr-903-postgres")).toEqual(["apprun-pr-903-data"]);
  });

  it("balance over the replicas of the app", async () => {
    const hosts = await Promise.all(Array.from({ length: 20 }, () => get(10_903, "pr-903.localhost", "/")));
    expect(new Set(hosts.map(({ body }) => body)).size).toBe(2);
  });

  it("give a way out to the edge only, and no member of it holds data", async () => {
    const network = async (zone: string, format: string) =>
      (await docker("network", "inspect", "--format", format, `apprun-pr-902-${zone}`)).trim();
    expect(await Promise.all(["edge", "backend", "data"].map((zone) => network(zone, "{{.Internal}}")))).toEqual([
      "false",
      "true",
      "true",
    ]);
    const members = (await network("edge", "{{range .Containers}}{{.Name}} {{end}}")).split(" ").sort();
    expect(members).toEqual(["apprun-pr-902-apprun", "apprun-pr-902-kratos", "apprun-pr-902-proxy"]);
  });

  it("are destroyed one without the other", async () => {
    expect((await one.cli(["destroy", "--remove-data", "--confirm", "pr-902"])).code).toBe(0);
    expect((await two.cli(["status"])).code).toBe(0);
    expect((await two.cli(["destroy", "--remove-data", "--confirm", "pr-903"])).code).toBe(0);
  });
});

describe("a host that cannot take the stack is named before anything is changed", () => {
  const project = new TestProject("pr-904", SMALL);
  const refused = async (settings: Record<string, unknown>) => {
    project.configure({ ...SMALL, ...settings });
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(await containers("pr-904")).toEqual({});
    return stderr;
  };

  it("for a port that another program has", async () => {
    const server = createServer().listen(10_904, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await refused({})).toContain(
      "  port: another program listens on 127.0.0.1:10904; allowed: a free port; stop that program (ss -Hlnpt 'sport = :10904' names it) or set apprun:proxy.port\n",
    );
    server.close();
  });

  it("for too little memory", async () => {
    expect(
      await refused({
        host: { memory: "2000Gi" },
        app: { storage: "100Mi", resources: { limits: { memory: "1500Gi" } } },
      }),
    ).toMatch(/memory: the host has [\d.]+Gi; allowed: at least 150\d\.?\d*Gi, the sum of the services' limits/);
  });

  it("for too little disk", async () => {
    expect(await refused({ host: { disk: "90000Gi" }, app: { storage: "80000Gi" } })).toMatch(
      /disk: the engine's directory has [\d.]+Gi free; allowed: at least 8000\d\.?\d*Gi/,
    );
  });

  it("for too few cores", async () => {
    expect(
      await refused({ host: { cpu: "2000" }, app: { storage: "100Mi", resources: { limits: { cpu: "1500" } } } }),
    ).toMatch(/CPU: the host has \d+ cores; allowed: at least 1500/);
  });
});

describe("without an engine", () => {
  it("up prints the plan, says what is missing and ends with 3", async () => {
    const project = new TestProject("pr-905", SMALL);
    const { code, stdout, stderr } = await project.cli(["up"], {
      ...noEngine,
      PULUMI_HOME: "/nonexistent",
      HOME: "/nonexistent",
    });
    expect(stdout).toMatch(/^Plan of stack pr-905/);
    expect(stderr).toContain("nothing was deployed: missing a Pulumi CLI >=3.258.0 <4");
    expect(code).toBe(3);
    expect(await containers("pr-905")).toEqual({});
  });
});
