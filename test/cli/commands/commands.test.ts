import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT, EXIT_MEANINGS } from "../../../cli/kit/exit.ts";
import { cli, projectDirectory } from "../../support/run/cli.ts";
import { POLICIES } from "../../../policies/all.ts";

describe("plan", () => {
  it("needs no engine, no Docker and no secret", async () => {
    const { code, stdout, stderr } = await cli(["plan", "--json"], { PATH: "/nonexistent" });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as {
      stack: string;
      resources: unknown[];
      published: unknown[];
      sum: { memory: number };
      host: { memory: number };
    };
    expect(plan).toMatchObject({
      stack: "dev",
      published: [{ workload: "proxy", listens: "127.0.0.1:8000", exposure: "loopback" }],
    });
    expect(plan.resources.length).toBeGreaterThan(50);
    expect(plan.sum.memory).toBeLessThanOrEqual(plan.host.memory);
  });

  it("says that it is a dry run, without colours where there is no terminal", async () => {
    const { stdout } = await cli(["plan", "--stack", "prod"]);
    expect(stdout).toMatch(/^Plan of stack prod: \d+ resources\. A dry run:/);
    expect(stdout).not.toContain("\u001b[");
  });
});

describe("policies", () => {
  const prod = (more = "") =>
    projectDirectory(
      `config:\n  apprun:domain: example.com\n  apprun:temporal: { enabled: false }\n  apprun:backup: { enabled: false }\n  apprun:images: { pins: { apprun: { tag: 1.0.0 } } }\n${more}`,
      "prod",
    );
  const ACCEPT =
    '  apprun:policies: { accept: { image-digest: "our registry is immutable", database-backup: "by another tool" } }\n';

  it("end `plan` with 1 for a mandatory finding, and show it", async () => {
    const { code, stdout, stderr } = await cli(["plan", "--stack", "prod", "--cwd", prod()]);
    expect(code).toBe(1);
    expect(stdout).toContain('  mandatory image-digest: image "postgres:17-alpine": got no digest; allowed: ');
    expect(stderr).toMatch(
      /^\d+ mandatory findings: `up` refuses this stack; see the policies with: npm run policies\n$/,
    );
  });

  it("are in the JSON of `plan`", async () => {
    const { code, stdout } = await cli(["plan", "--json", "--stack", "prod", "--cwd", prod()]);
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: unknown[] };
    expect(findings).toContainEqual({
      policy: "database-backup",
      enforcement: "mandatory",
      message:
        'container "postgres": got a database that nothing backs up; allowed: servers that a scheduled backup saves; set backup.enabled, or with postgres.mode operator postgres.operator.backup',
    });
  });

  it("stop `up` before Docker and the engine are asked for anything", async () => {
    const { code, stdout, stderr } = await cli(["up", "--stack", "prod", "--cwd", prod()], { PATH: "/nonexistent" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^stack prod has \d+ mandatory findings; nothing was changed; fix each, or accept it with apprun:policies\.accept\n {2}mandatory image-digest: /,
    );
  });

  it("let pass what the settings accept with a reason, and still show it", async () => {
    const { code, stdout } = await cli(["plan", "--stack", "prod", "--cwd", prod(ACCEPT)]);
    expect(stdout).toMatch(/ {2}advisory database-backup: .* \(accepted: by another tool\)\n/);
    expect(code).toBe(0);
  });

  it("refuse a name that no policy has", async () => {
    expect(
      await cli(["plan", "--stack", "prod", "--cwd", prod("  apprun:policies: { accept: { image-digests: x } }\n")]),
    ).toEqual({
      code: 2,
      stdout: "",
      stderr:
        'Pulumi.prod.yaml: apprun:policies.accept: got "image-digests"; allowed: names of policies; see them with: npm run policies\n',
    });
  });

  it("are listed for people and for programs", async () => {
    const people = await cli(["policies"]);
    expect(people.stdout).toMatch(
      /^policy +prod +elsewhere +description\nimage-tag +mandatory +mandatory +Every image names one version\./,
    );
    const programs = JSON.parse((await cli(["policies", "--json"])).stdout) as { name: string }[];
    expect(programs.map(({ name }) => name)).toEqual(POLICIES.map(({ name }) => name));
  });
});

describe("a wrong call ends with 2, says what is allowed and touches nothing", () => {
  it.each<[string[], string]>([
    [
      ["plan", "--stack", "production"],
      'stack name: got "production"; allowed: dev, test, staging, prod or pr-<n> with n from 1 to 9999; choose one of them: ports, networks and host names derive from it\n',
    ],
    [["launch"], "error: unknown command 'launch'\n(run with --help for what is allowed)\n"],
    [
      ["plan", "--stak", "dev"],
      "error: unknown option '--stak'\n(Did you mean --stack?)\n(run with --help for what is allowed)\n",
    ],
    [
      ["credentials", "nobody"],
      'service: got "nobody"; allowed: postgres, app-database, cache, grafana, backup, prometheus, alertmanager, temporal-ui; name one of them\n',
    ],
  ])("%j", async (args, message) => {
    expect(await cli(args)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  it("and --help says what each exit code means", async () => {
    const { code, stdout } = await cli(["--help"]);
    expect(code).toBe(0);
    for (const [name, meaning] of Object.entries(EXIT_MEANINGS))
      expect(stdout).toContain(`\n  ${EXIT[name as keyof typeof EXIT]}  ${meaning}\n`);
  });

  it("outside of a project", async () => {
    expect(await cli(["plan", "--cwd", "/"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "/: got no readable Pulumi.yaml; allowed: a project's directory; run the command there or name it with --cwd\n",
    });
  });

  it("with bad settings", async () => {
    const cwd = projectDirectory("config:\n  apprun:app: { replicas: 99 }\n");
    expect(await cli(["plan", "--cwd", cwd])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "Pulumi.dev.yaml has 1 problem:\n  apprun:app.replicas: got 99; allowed: a whole number from 1 to 20; change it\n",
    });
  });
});

describe("up", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it("prints the plan, says what is missing and ends with 3 where there is no Docker", async () => {
    const cwd = projectDirectory("config:\n  apprun:docker: { host: unix:///nonexistent/docker.sock }\n");
    const { code, stdout, stderr } = await cli(["up", "--cwd", cwd]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Plan of stack dev: \d+ resources\./);
    expect(stderr).toBe(
      "nothing was deployed: missing a Docker Engine at unix:///nonexistent/docker.sock (connect ENOENT /nonexistent/docker.sock); start it, or name another with apprun:docker.host\n",
    );
  });

  it("refuses an old Docker before anything is changed", async () => {
    const answers: Record<string, unknown> = {
      "/version": { ApiVersion: "1.41", Version: "20.10.24" },
      "/info": { NCPU: 8, MemTotal: 64 * 1024 ** 3, DockerRootDir: "/nonexistent", Name: "vps" },
      "/containers/json": [],
      "/volumes": { Volumes: [] },
    };
    const asked: string[] = [];
    server = createServer((request, response) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      asked.push(`${request.method ?? ""} ${path}`);
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(answers[path] ?? {}));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const cwd = projectDirectory(`config:\n  apprun:docker: { host: "tcp://127.0.0.1:${port}" }\n`);
    const { code, stderr } = await cli(["up", "--cwd", cwd]);
    expect(stderr).toBe(
      "not checked: free disk and ports, because the containers run on another machine (vps)\n" +
        `the host at tcp://127.0.0.1:${port} cannot take stack dev; nothing was changed:\n  Docker Engine: got API version 1.41; allowed: 1.44 or newer (Docker Engine 25), because older engines cannot check a container often only while it starts; update Docker\n`,
    );
    expect(code).toBe(1);
    expect(asked.every((call) => call.startsWith("GET "))).toBe(true);
  });
});
