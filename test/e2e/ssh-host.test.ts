import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedContainers, containers, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { canStartSshServer, SshServer } from "../support/e2e/ssh-server.ts";

const STACK = "pr-813";
const FEW = {
  temporal: { enabled: false },
  grafana: { enabled: false },
  prometheus: { enabled: false },
  backup: { enabled: true },
};
const settings = (host: string) => ({ ...SMALL, ...FEW, docker: { host } });

describe.skipIf(!canStartSshServer())("a stack over ssh (skipped without root and OpenSSH's server)", () => {
  const server = new SshServer(12_813);
  const project = new TestProject(STACK, settings("ssh://docker-host"));
  const cli = (...args: string[]) => project.cli(args, server.environment);
  const at = `127.0.0.1:${server.port}`;

  beforeAll(async () => {
    await wipe(STACK);
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    await wipe(STACK);
  });

  it("comes up by an alias of the user's configuration, and a second time nothing changes", async () => {
    const { code, stderr } = await cli("up");
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    const before = await containers(STACK);
    const again = await cli("up");
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toMatch(/Resources:\s+\d+ unchanged/);
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
    // sshd says so when it drops logins that are too many at a time.
    expect(server.log()).not.toContain("MaxStartups");
    expect(server.log()).not.toContain("drop connection");
  });

  it("answers `status` and `doctor`, which says what it cannot look at from here", async () => {
    const status = await cli("status", "--json");
    expect(status.code, status.stderr).toBe(0);
    const { services } = JSON.parse(status.stdout) as { services: { state: string }[] };
    expect(new Set(services.map(({ state }) => state))).toEqual(new Set(["healthy"]));
    const doctor = await cli("doctor");
    expect([0, 1], doctor.stderr).toContain(doctor.code);
    expect(doctor.stdout + doctor.stderr).not.toContain("Docker Engine answers");
  });

  it("takes a backup and shows logs", async () => {
    const backup = await cli("backup", "--json");
    expect(backup.code, backup.stderr).toBe(0);
    const list = await cli("restore", "--list");
    expect(list.code, list.stderr).toBe(0);
    expect(list.stdout).toContain((JSON.parse(backup.stdout) as { set: string }).set);
    const logs = await cli("logs", "postgres", "--tail", "200");
    expect(logs.code, logs.stderr).toBe(0);
    expect(logs.stdout).toContain("database system is ready to accept connections");
  });

  it.each([
    [
      "whose key is unknown",
      undefined,
      "ssh://docker-host",
      "(its host key is not a known one); compare the fingerprint that ssh shows, and accept it once by hand: ssh docker-host docker version",
    ],
    [
      "that shows another key",
      "other",
      `ssh://root@${at}`,
      `(it shows another host key than the known one: another machine may answer in its place); ask whoever runs it for the new key's fingerprint; only then replace the line in known_hosts and try: ssh -p ${server.port} root@127.0.0.1 docker version`,
    ],
    [
      "that does not know the user",
      "host",
      `ssh://nobody@${at}`,
      `(it refuses this user and these keys); name the user in apprun:docker.host and see that the key is in the agent or in ~/.ssh: ssh -p ${server.port} nobody@127.0.0.1 docker version`,
    ],
  ] as const)("refuses a host %s, and says what to do", async (_, key, host, message) => {
    server.know(key);
    project.configure(settings(host));
    const before = await containers(STACK);
    for (const command of ["status", "up", "destroy"]) {
      const { code, stderr } = await cli(command);
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining(`nothing was deployed: missing a Docker Engine at ${host} ${message}`),
      ]);
    }
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
    server.know("host");
    project.configure(settings("ssh://docker-host"));
  });

  it("is the same stack by another address of the same engine", async () => {
    project.configure(settings(`ssh://root@${at}/var/run/docker.sock`));
    const before = await containers(STACK);
    const { code, stderr } = await cli("up");
    expect(code, stderr).toBe(0);
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
  });

  it("is removed with its data", async () => {
    const { code, stderr } = await cli("destroy", "--remove-data", "--confirm", STACK);
    expect(code, stderr).toBe(0);
    expect(await containers(STACK)).toEqual({});
  });
});
