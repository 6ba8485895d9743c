import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pushToNodes } from "../../../../cli/runtime/kubernetes/push-to-nodes.ts";
import { fullReference, nodeAddress } from "../../../../cli/runtime/kubernetes/push-to-node.ts";
import { digestOf, FakeImageEngine } from "../../../support/fakes/image-engine.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const SHOP = "example/shop:1.4.2";
const NODE = "ssh://deploy@node-1:2222";

it.each([
  ["shop:1", "docker.io/library/shop:1"],
  ["example/shop:1", "docker.io/example/shop:1"],
  ["ghcr.io/example/shop:1", "ghcr.io/example/shop:1"],
  ["localhost/shop:1", "localhost/shop:1"],
])("containerd calls %s %s", (reference, name) => {
  expect(fullReference(reference)).toBe(name);
});

it.each(["node-1", "unix:///run/docker.sock", "tcp://node-1:2375", "ssh://node-1/run/docker.sock"])(
  "%s is no address of a node",
  (text) => {
    expect(() => nodeAddress(text)).toThrow(`--node: got "${text}"; allowed: ssh://[user@]host[:port]; change it`);
  },
);

describe("an image on its way to a node", () => {
  const path = process.env["PATH"] ?? "";
  const cluster = (architecture = "amd64", machineID = "id-of-node-1") => ({
    server: "https://cluster:6443",
    core: {
      listNode: () =>
        Promise.resolve({
          items: [
            {
              metadata: { name: "node-1" },
              status: { nodeInfo: { machineID, architecture, operatingSystem: "linux" } },
            },
          ],
        }),
    } as never,
  });
  let directory = "";
  const log = (name: string) => {
    const file = join(directory, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const program = (name: string, ...lines: readonly string[]) => {
    writeFileSync(join(directory, "bin", name), ["#!/bin/sh", ...lines, ""].join("\n"));
    chmodSync(join(directory, "bin", name), 0o755);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "node-"));
    mkdirSync(join(directory, "bin"));
    process.env["PATH"] = [join(directory, "bin"), path].join(delimiter);
    // The node: it runs the one word that comes last, with these programs first on PATH.
    program("ssh", `echo "$*" >> ${directory}/ssh`, 'for last; do :; done; exec sh -c "$last"');
    program("cat", "echo id-of-node-1");
    program("id", "echo 1000");
    program("sudo", `echo "$*" >> ${directory}/sudo`, "shift", '"$@"');
    program(
      "k3s",
      'case "$*" in',
      `*import*) /bin/cat > ${directory}/archive; echo "unpacking" ;;`,
      "*list*) echo docker.io/example/shop:1.4.2; echo docker.io/example/shop:1.4.20 ;;",
      "esac",
    );
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(directory, { recursive: true, force: true });
  });

  const push = async (where = cluster()) => {
    const engine = new FakeImageEngine({ id: "here" }).add(SHOP, "base", "app");
    const image = { id: "x", os: "linux", architecture: "amd64", layers: [], size: 1000 };
    let sent: unknown;
    const outcome = await captured(async () => {
      sent = await pushToNodes(engine.docker(), where, [nodeAddress(NODE)], { reference: SHOP, image });
    });
    return { ...outcome, sent };
  };

  it("is piped whole into its containerd as root, and the kubelet's name for it is looked for", async () => {
    const { error, stderr, sent } = await push();
    expect(error).toBeUndefined();
    expect(stderr).toBe(`sending to node 1 of 1: ${NODE}\n`);
    expect(sent).toEqual({ sent: expect.any(Number) as number, skipped: 0 });
    expect(log("ssh").split("\n")[0]).toBe(
      "-oBatchMode=yes -oConnectTimeout=30 -T -l deploy -p 2222 -- node-1 sh -c 'cat /etc/machine-id'",
    );
    expect(log("sudo").trim().split("\n")).toEqual([
      `-n ${directory}/bin/k3s ctr --namespace k8s.io images import -`,
      `-n ${directory}/bin/k3s ctr --namespace k8s.io images list --quiet`,
    ]);
    for (const content of ["base", "app"]) expect(log("archive")).toContain(digestOf(content).replace("sha256:", ""));
  });

  it("goes to ctr where there is no k3s, without sudo for root", async () => {
    rmSync(join(directory, "bin/k3s"));
    program("id", "echo 0");
    program(
      "ctr",
      `echo "$*" >> ${directory}/ctr`,
      'case "$*" in *import*) /bin/cat >/dev/null ;; *) echo docker.io/example/shop:1.4.2 ;; esac',
    );
    expect((await push()).error).toBeUndefined();
    expect(log("ctr")).toBe("--namespace k8s.io images import -\n--namespace k8s.io images list --quiet\n");
    expect(log("sudo")).toBe("");
  });

  it.each<[string, () => ReturnType<typeof cluster>, string]>([
    [
      "a machine that is no node of the cluster",
      () => cluster("amd64", "another"),
      `--node: got ${NODE}, whose machine is no node of the cluster at https://cluster:6443; allowed: the machine of one of its nodes: node-1; nothing was sent: name another`,
    ],
    [
      "a node of another platform",
      () => cluster("arm64"),
      `${SHOP}: it is built for linux/amd64; allowed: an image for linux/arm64, which ${NODE} runs`,
    ],
  ])("is not sent to %s", async (_, where, message) => {
    const { error } = await push(where());
    expect(error?.message).toContain(message);
    expect(log("sudo")).toBe("");
  });

  it.each<[string, () => void, string]>([
    [
      "ssh refuses the user",
      () => {
        program("ssh", "echo 'deploy@node-1: Permission denied (publickey).' >&2; exit 255");
      },
      `${NODE}: it refuses this user and these keys; name the user in --node and see that the key is in the agent or in ~/.ssh: ssh -p 2222 deploy@node-1 cat /etc/machine-id`,
    ],
    [
      "sudo wants a password",
      () => {
        program("sudo", "echo 'sudo: a password is required' >&2; exit 1");
      },
      `${NODE}: sudo: a password is required; let that user run ctr with sudo without a password, or name root`,
    ],
    [
      "containerd has no room, and ends before it has read all",
      () => {
        program("k3s", "echo 'ctr: no space left on device' >&2; exit 1");
      },
      `${NODE}: ctr: no space left on device; see what this says: ssh -p 2222 deploy@node-1 cat /etc/machine-id`,
    ],
    [
      "it has another image then",
      () => {
        program("k3s", 'case "$*" in *import*) /bin/cat >/dev/null ;; *) echo docker.io/example/shop:1.4.20 ;; esac');
      },
      `${NODE} took the archive and has no docker.io/example/shop:1.4.2 then`,
    ],
  ])("fails where %s", async (_, arrange, message) => {
    arrange();
    expect((await push()).error?.message).toContain(message);
  });
});
