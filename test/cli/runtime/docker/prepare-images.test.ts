import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { CliError } from "../../../../cli/kit/exit.ts";
import type { Project } from "../../../../cli/kit/project.ts";
import { prepareImages, progressText } from "../../../../cli/runtime/docker/prepare-images.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const HUB = "postgres:17-alpine";
const GHCR = "ghcr.io/example/shop:1.4.2";
const LOCAL = "traefik:v3.7";

interface Engine {
  /** Images that it has. */
  readonly has?: readonly string[];
  /** What registries answer: an error, or the architectures of the image. */
  readonly registries?: Readonly<
    Record<string, { readonly status: number; readonly message: string } | readonly string[]>
  >;
  /** Mirrors of Docker Hub that the engine itself has. */
  readonly mirrors?: readonly string[];
  /** The last event of a pull. */
  readonly pulls?: Readonly<Record<string, object>>;
}

const failure = (statusCode: number, message: string) =>
  Object.assign(new Error(message), { statusCode, json: { message } });

function engine({ has = [], registries = {}, mirrors = [], pulls = {} }: Engine, log: string[]): Docker {
  return {
    info: () => Promise.resolve({ RegistryConfig: { Mirrors: mirrors } }),
    version: () => Promise.resolve({ Os: "linux", Arch: "amd64" }),
    getImage: (name: string) => ({
      inspect: () =>
        has.includes(name) ? Promise.resolve({}) : Promise.reject(failure(404, `No such image: ${name}`)),
      distribution: ({ authconfig }: { authconfig?: { username: string; serveraddress: string } }) => {
        log.push(`ask ${name}${authconfig ? ` as ${authconfig.username} at ${authconfig.serveraddress}` : ""}`);
        const answer = registries[name] ?? ["amd64", "arm64"];
        if ("status" in answer) return Promise.reject(failure(answer.status, answer.message));
        return Promise.resolve({ Platforms: answer.map((architecture) => ({ os: "linux", architecture })) });
      },
    }),
    pull: (name: string, { authconfig }: { authconfig?: { username: string } }) => {
      log.push(`pull ${name}${authconfig ? ` as ${authconfig.username}` : ""}`);
      return Promise.resolve(Object.assign(new PassThrough(), { last: pulls[name] ?? {} }));
    },
    modem: {
      followProgress: (stream: { last: object }, end: (error: null, events: object[]) => void) => {
        end(null, [stream.last]);
      },
    },
  } as unknown as Docker;
}

const project = {
  stack: "dev",
  recording: {
    resources: [LOCAL, HUB, GHCR].map((name) => ({ type: "docker:index/remoteImage:RemoteImage", inputs: { name } })),
  },
} as unknown as Project;

async function prepared(given: Engine, logins = [{ host: "ghcr.io", username: "ci", password: "hunter2" }]) {
  const log: string[] = [];
  const { error, stderr } = await captured(() =>
    prepareImages(engine(given, log), project, (hosts) => {
      log.push(`logins of ${hosts.join(", ")}`);
      return Promise.resolve(logins);
    }),
  );
  if (error !== undefined && !(error instanceof CliError)) throw error;
  return { log, stderr, message: error?.message };
}

describe("images of a stack", () => {
  it("that are all there ask no registry and decrypt no login, so it works without a network", async () => {
    expect(await prepared({ has: [LOCAL, HUB, GHCR] })).toEqual({ log: [], stderr: "", message: undefined });
  });

  it("of Docker Hub are pulled without a question where the engine has mirrors, which alone may be reached", async () => {
    const unreachable = { status: 500, message: "dial tcp: i/o timeout" };
    const given = { has: [LOCAL, GHCR], registries: { [HUB]: unreachable }, mirrors: ["https://mirror.example.com/"] };
    expect((await prepared(given)).log.slice(1)).toEqual([`pull ${HUB}`]);
    expect((await prepared({ ...given, mirrors: [] })).message).toContain("dial tcp: i/o timeout");
  });

  it("that are missing are looked for first and pulled then, in the stack's order, with the login of their host", async () => {
    const { log, stderr, message } = await prepared({ has: [LOCAL] });
    expect(message).toBeUndefined();
    expect(log).toEqual([
      "logins of docker.io, ghcr.io",
      `ask ${HUB}`,
      `ask ${GHCR} as ci at ghcr.io`,
      `pull ${HUB}`,
      `pull ${GHCR} as ci`,
    ]);
    expect(stderr).toMatch(
      /^pulling image 1 of 2: postgres:17-alpine\n {2}pulled in [\d.]+ s\npulling image 2 of 2: ghcr.io\/example\/shop:1.4.2\n {2}pulled in [\d.]+ s\n$/,
    );
  });

  it("that cannot be pulled are named together with the reason, and none is pulled", async () => {
    const { log, message } = await prepared({
      registries: {
        [LOCAL]: { status: 500, message: "Get https://registry-1.docker.io/v2/: dial tcp: i/o timeout" },
        [HUB]: { status: 404, message: "manifest unknown" },
        [GHCR]: { status: 403, message: "denied" },
      },
    });
    expect(log.filter((call) => call.startsWith("pull"))).toEqual([]);
    expect(message).toBe(
      [
        "stack dev: 3 of 3 images are not on the host and cannot be pulled; nothing was changed:",
        "  traefik:v3.7: Get https://registry-1.docker.io/v2/: dial tcp: i/o timeout; allowed: an image that is there or can be pulled; the host does not reach docker.io: check its network, set a mirror with apprun:registries.docker.io.mirror, or bring the image: node cli/bin.mjs image push",
        "  postgres:17-alpine: manifest unknown; allowed: an image that is there or can be pulled; docker.io has no such tag or digest: check it, or bring the image: node cli/bin.mjs image push",
        "  ghcr.io/example/shop:1.4.2: denied; allowed: an image that is there or can be pulled; ghcr.io refuses ci, the login of apprun:registries.ghcr.io, or has no such image",
      ].join("\n"),
    );
    expect(message).not.toContain("hunter2");
  });

  it.each([
    [
      { registries: { [GHCR]: { status: 401, message: "unauthorized" } } },
      "or set apprun:registries.ghcr.io with a login",
    ],
    [{ registries: { [GHCR]: ["arm64"] } }, `${GHCR}: it is built for linux/arm64; allowed: an image for linux/amd64`],
  ] satisfies [Engine, string][])("says what is wrong with one: %j", async (given, part) => {
    expect((await prepared({ has: [LOCAL, HUB], ...given }, [])).message).toContain(part);
  });

  it("whose pull breaks off end the update, with what the engine said", async () => {
    const { message, log } = await prepared({ has: [LOCAL], pulls: { [HUB]: { error: "unexpected EOF" } } });
    expect(message).toContain("the image postgres:17-alpine could not be pulled: unexpected EOF");
    expect(log).not.toContain(`pull ${GHCR} as ci`);
  });
});

it("says how far a pull is", () => {
  expect(
    progressText([
      { current: 2 ** 20, total: 2 ** 22 },
      { current: 2 ** 22, total: 2 ** 22 },
    ]),
  ).toBe("5 of 8 MiB");
});
