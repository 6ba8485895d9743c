import { beforeEach, describe, expect, it } from "vitest";
import { imagePush, type ImagePushOptions } from "../../../cli/commands/image-push.ts";
import { CliError } from "../../../cli/kit/exit.ts";
import { loadProject } from "../../../cli/kit/project.ts";
import { blob, digestOf, FakeImageEngine } from "../../support/fakes/image-engine.ts";
import { captured } from "../../support/fakes/terminal.ts";
import { projectDirectory } from "../../support/run/cli.ts";

const SHOP = "ghcr.io/example/shop:1.4.2";
const WORKER = "example/worker:7";
const HOST = "unix:///there.sock";
const APP = `apprun:app: { image: { registry: ghcr.io, repository: example/shop, tag: 1.4.2, uid: 1000, gid: 1000, probeTool: wget } }`;
const FILE = `config:
  apprun:docker: { host: "${HOST}" }
  ${APP}
  apprun:services:
    queue: { preset: worker, image: { registry: docker.io, repository: example/worker, tag: "7", uid: 1000, gid: 1000 }, probe: { command: [node, --version] } }
`;

describe("image push to a Docker host", () => {
  let [here, there]: [FakeImageEngine, FakeImageEngine] = [engine("here"), engine("there")];

  beforeEach(() => {
    here = engine("here").add(SHOP, "base", "runtime", "app").add(WORKER, "base", "worker");
    there = engine("there").add("node:22-alpine", "base", "runtime", "other");
  });

  const push = async (
    name: string,
    { file = FILE, ...options }: Partial<ImagePushOptions> & { file?: string } = {},
  ) => {
    const outcome = await captured(() =>
      imagePush(
        name,
        { stack: "dev", cwd: projectDirectory(file), ...options },
        {
          loadProject,
          environment: () => ({}),
          docker: ({ host }) => (host === HOST ? there : here).docker(),
          cluster: () => Promise.reject(new Error("asked a cluster")),
        },
      ),
    );
    if (outcome.error !== undefined && !(outcome.error instanceof CliError)) throw outcome.error;
    return { ...outcome, code: outcome.error?.exitCode ?? 0 };
  };

  it.each([SHOP, WORKER])("brings %s with the layers that the host does not have", async (name) => {
    const { code, stdout, stderr } = await push(name);
    expect(code).toBe(0);
    expect(stderr).toBe(`sending ${name} from unix:///var/run/docker.sock to ${HOST}\n`);
    expect(stdout).toMatch(new RegExp(`^${name} is at ${HOST}: \\d+(\\.\\d+)? MiB sent, 0 MiB were there already, `));
    expect(there.images.get(name)).toEqual(here.images.get(name));
    const own = name === SHOP ? "app" : "worker";
    expect(there.taken.filter((file) => file.startsWith("blobs/"))).toEqual([blob(digestOf(own))]);
  });

  it("says as JSON what was sent and what was there", async () => {
    const { stdout } = await push(SHOP, { json: true });
    expect(JSON.parse(stdout)).toEqual({
      image: SHOP,
      from: "unix:///var/run/docker.sock",
      to: HOST,
      sent: expect.any(Number) as number,
      skipped: "base".length + "runtime".length,
      seconds: expect.any(Number) as number,
    });
  });

  it("sends all of it to an engine that keeps images in containerd's store, which reads every layer", async () => {
    there = engine("there", { containerd: true }).add("node:22-alpine", "base", "runtime", "other");
    expect((await push(SHOP)).error).toBeUndefined();
    expect(there.taken.filter((file) => file.startsWith("blobs/"))).toHaveLength(3);
  });

  it("sends nothing where the host has the image, and all of its own layers where another has its name", async () => {
    await push(SHOP);
    there.taken.length = 0;
    expect((await push(SHOP)).code).toBe(0);
    expect(there.taken).toEqual([]);
    here.add(SHOP, "base", "runtime", "app, built again");
    const { stderr } = await push(SHOP);
    expect(stderr).toContain(
      `${SHOP} names another image there: what runs keeps that one until up replaces its container`,
    );
    expect(there.images.get(SHOP)).toEqual(here.images.get(SHOP));
  });

  it("has nothing to do where the stack runs on the engine that built the image", async () => {
    there = here;
    const { code, stdout } = await push(SHOP);
    expect([code, stdout]).toEqual([
      0,
      "nothing to do: unix:///var/run/docker.sock is the engine that stack dev runs on\n",
    ]);
  });

  it.each<[string, string, () => Partial<ImagePushOptions> & { file?: string }, string]>([
    ["a name that is near one", "ghcr.io/example/shop:1.4.3", () => ({}), `did you mean "${SHOP}"?`],
    ["the tag latest", "ghcr.io/example/shop:latest", () => ({}), `did you mean "${SHOP}"?`],
    ["a name that no setting has", "example.com/x:1", () => ({}), `allowed: ${WORKER}, `],
    [
      "an image that is not there",
      SHOP,
      () => {
        here = engine("here").add("ghcr.io/example/shop:1.4.1", "base");
        return {};
      },
      `image: got ${SHOP}, which the Docker Engine at unix:///var/run/docker.sock does not have; allowed: an image that it has; of that repository: ghcr.io/example/shop:1.4.1; build it with: docker build --tag ${SHOP} .`,
    ],
    [
      "another platform",
      SHOP,
      () => {
        there = engine("there", { architecture: "arm64" });
        return {};
      },
      `${SHOP}: it is built for linux/amd64; allowed: an image for linux/arm64, which the stack's host runs; build it with: docker build --platform linux/arm64`,
    ],
    [
      "an image that the settings name by a digest",
      `${SHOP}@${digestOf("x")}`,
      () => ({ file: FILE.replace("tag: 1.4.2", `tag: 1.4.2, digest: "${digestOf("x")}"`) }),
      "which the settings name by a digest; allowed: an image that they name by its tag alone",
    ],
    ["a node", SHOP, () => ({ node: ["ssh://node-1"] }), "--node: got ssh://node-1 for a stack on a Docker host"],
    [
      "a cluster without a node",
      SHOP,
      () => ({ file: `config:\n  apprun:platform: kubernetes\n  ${APP}\n` }),
      "--node: got none for a stack on Kubernetes; allowed: the machine of each node that may run it",
    ],
  ])("refuses %s, and sends nothing", async (_, name, given, message) => {
    const options = given();
    const { code, error } = await push(name, options);
    expect([code, error?.message]).toEqual([2, expect.stringContaining(message)]);
    expect(there.taken).toEqual([]);
  });

  it.each([
    ["does not take it", "no space left on device"],
    ["has lost a layer meanwhile", "open blobs/sha256/x: no such file or directory"],
  ])("fails where the host %s, with its words", async (_, words) => {
    there.refusal = words;
    const { code, error } = await push(SHOP);
    expect([code, error?.message]).toEqual([
      1,
      `${SHOP} was not taken by the stack's Docker Engine: ${words}; nothing of the stack was changed: run it again`,
    ]);
  });

  it("fails with exit code 3 where no engine answers that could have the image", async () => {
    const { error } = await captured(() =>
      imagePush(SHOP, { stack: "dev", cwd: projectDirectory(FILE), from: "unix:///nonexistent.sock" }),
    );
    expect((error as CliError).exitCode).toBe(3);
    expect(error?.message).toMatch(
      /^nothing was sent: missing a Docker Engine at unix:\/\/\/nonexistent.sock \(.*\); start it, or name the one that has the image with --from$/,
    );
  });
});

function engine(id: string, facts: { architecture?: string; containerd?: boolean } = {}): FakeImageEngine {
  return new FakeImageEngine({ id, ...facts });
}
