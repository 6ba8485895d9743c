import { execFile } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Faults } from "./fault.ts";

const run = promisify(execFile);

/** An address of this machine that others can reach. */
function ownAddress(): string {
  const found = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ family, internal }) => family === "IPv4" && !internal),
  );
  const address = found[0]?.address;
  if (address === undefined) throw new Error("this machine has no address but the loopback");
  return address;
}

/** A host that is not as the stack needs it. */
export function hostFaults(port: number): Faults {
  const full = join(mkdtempSync(join(tmpdir(), "apprun-")));
  const intruder = createServer();
  return {
    "no Docker": {
      settings: { docker: { host: "unix:///nonexistent/docker.sock" } },
      finds: [
        "error host: no Docker Engine answers at unix:///nonexistent/docker.sock (connect ENOENT /nonexistent/docker.sock)",
      ],
    },
    "an old Docker": {
      answers: { "/version": { ApiVersion: "1.41" } },
      finds: [
        "error host: Docker Engine: got API version 1.41; allowed: 1.44 or newer (Docker Engine 25), because older engines cannot check a container often only while it starts",
      ],
    },
    "an engine whose loopback others reach": {
      answers: { "/version": { Version: "27.5.1" } },
      finds: [
        /^warning host: Docker Engine 27\.5\.1: machines on the same network can reach ports .+; allowed: 28\.3\.3 or newer/,
      ],
    },
    "an engine without root": {
      answers: { "/info": { SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"] } },
      finds: [/^error host: Docker Engine: got one that runs without root; allowed: one that runs as root/],
    },
    Podman: {
      answers: { "/version": { Components: [{ Name: "Podman Engine", Version: "5.6.2" }] } },
      finds: [/^error host: Docker Engine: got Podman .+; allowed: Docker Engine 25 or newer/],
    },
    "a clock that is wrong": {
      answers: { "/info": { SystemTime: "2020-01-01T00:00:00Z" } },
      finds: [/^error host: the host's clock is \d+ s from this machine's; allowed: at most 10 s$/],
    },
    "too little memory": {
      answers: { "/info": { MemTotal: 1024 ** 3 } },
      finds: [/^error host: memory: the host has 1Gi; allowed: at least [\d.]+Gi, the sum of the services' limits$/],
    },
    "a disk that is full": {
      plant: async () => {
        await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", full]);
        await run("dd", ["if=/dev/zero", `of=${full}/file`, "bs=64k", "count=15"]);
      },
      undo: async () => {
        await run("umount", [full]);
        rmdirSync(full);
      },
      answers: { "/info": { DockerRootDir: full } },
      finds: [`error host: disk: 6 % of the disk of ${full} are free; allowed: 10 % or more`],
    },
    "a program on the proxy's port, at an address for others": {
      plant: () =>
        new Promise((resolve) =>
          intruder.listen({ host: ownAddress(), port }, () => {
            resolve(undefined);
          }),
        ),
      undo: () => new Promise((resolve) => intruder.close(resolve)),
      finds: [`error ports: port ${port}: something listens on ${ownAddress()}; allowed: 127.0.0.1:${port}`],
    },
  };
}
