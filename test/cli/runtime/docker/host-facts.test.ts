import { hostname } from "node:os";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import type { Project } from "../../../../cli/kit/project.ts";
import { hostFacts } from "../../../../cli/runtime/docker/host-facts.ts";
import { isHere, type EngineInfo } from "../../../../cli/runtime/docker/machine.ts";
import { settingsOf, stackOf } from "../../../support/record/stacks.ts";

const INFO: EngineInfo = {
  ID: "1b9d",
  Name: hostname(),
  DockerRootDir: "/var/lib/docker",
  NCPU: 4,
  MemTotal: 8 * 1024 ** 3,
  SystemTime: "2026-11-27T12:00:00Z",
};
const LOCAL = "unix:///var/run/docker.sock";

describe("containers run on this machine", () => {
  it.each<[string, Partial<EngineInfo>, string, string | undefined, boolean]>([
    ["where the engine has its name", {}, LOCAL, undefined, true],
    ["where the engine's own file has its identity", { Name: "other" }, LOCAL, "1b9d\n", true],
    ["also over ssh, where that file says so", {}, "ssh://localhost", "1b9d", true],
    ["not in the virtual machine of Docker Desktop", { Name: "docker-desktop" }, LOCAL, undefined, false],
    ["not behind a socket that is forwarded or mounted", { Name: "vps" }, LOCAL, undefined, false],
    ["not where the file of this machine's engine says otherwise", {}, LOCAL, "77aa", false],
    ["not behind ssh, as far as the name says", {}, "ssh://localhost", undefined, false],
    ["not behind tcp, as far as the name says", {}, "tcp://127.0.0.1:2375", undefined, false],
  ])("%s", (_, info, host, file, here) => {
    expect(isHere({ ...INFO, ...info }, { host }, () => file)).toBe(here);
  });
});

describe("a host that cannot be looked at is no crash and no port in use", () => {
  it.each<[string, Partial<EngineInfo>, readonly string[]]>([
    [
      "Docker Desktop",
      { Name: "docker-desktop", OperatingSystem: "Docker Desktop" },
      ["free disk and ports, because the containers run on another machine (docker-desktop)"],
    ],
    [
      "a data directory in another root",
      { DockerRootDir: "/nonexistent/docker" },
      ["free disk, because /nonexistent/docker cannot be seen from here"],
    ],
  ])("%s", async (_, info, unknown) => {
    const docker = {
      info: () => Promise.resolve({ ...INFO, ...info }),
      listContainers: () => Promise.resolve([]),
    } as unknown as Docker;
    const project: Project = { directory: ".", stack: "dev", settings: settingsOf({}), recording: await stackOf({}) };
    const facts = await hostFacts(docker, project, { apiVersion: "1.48", version: "28.5.2", components: [] });
    expect(facts).toMatchObject({ cpus: 4, memory: 8192, unknown, desktop: info.OperatingSystem !== undefined });
    expect(facts.disk).toBeUndefined();
  });
});
