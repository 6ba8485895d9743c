import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notVerified } from "../../../components/model/image-sources.ts";
import { challengeOf } from "../../../cli/images/challenge.ts";
import { look } from "../../../cli/images/look.ts";
import { RegistryClient } from "../../../cli/images/registry-client.ts";
import { FakeRegistry } from "../../support/fakes/registry.ts";

const BOTH = ["linux/amd64", "linux/arm64"];
const SOURCES = notVerified("2026-11-28");
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

const registry = new FakeRegistry({
  "library/postgres": {
    "16.9": { digest: digest("1"), platforms: BOTH },
    "17.5": { digest: digest("2"), platforms: BOTH },
    "17.6": { digest: digest("3"), platforms: BOTH },
    "18.1": { digest: digest("4"), platforms: BOTH },
    "18.1-alpine": { digest: digest("5"), platforms: BOTH },
  },
  "example/one": { "1.0.0": { digest: digest("6"), only: "linux/amd64" } },
});
let host = "";
beforeAll(async () => {
  host = await registry.start();
});
afterAll(() => {
  registry.stop();
});

describe("a registry with tokens (a stand-in: no real one is asked by a test)", () => {
  it("tells digest and platforms of a list, without what attests the image", async () => {
    const client = new RegistryClient();
    expect(await client.image(host, "library/postgres", "17.5")).toEqual({ digest: digest("2"), platforms: BOTH });
    expect(registry.asked).toEqual([
      "/v2/library/postgres/manifests/17.5",
      "/token?service=fake&scope=repository%3Alibrary%2Fpostgres%3Apull",
      "/v2/library/postgres/manifests/17.5",
    ]);
  });

  it("tells the platform of an image for one", async () => {
    expect(await new RegistryClient().image(host, "example/one", "1.0.0")).toEqual({
      digest: digest("6"),
      platforms: ["linux/amd64"],
    });
  });

  it("has no image for a tag or a repository that is not there", async () => {
    const client = new RegistryClient();
    expect(await client.image(host, "library/postgres", "99")).toBeUndefined();
    expect(await client.image(host, "library/nobody", "1")).toBeUndefined();
  });

  it("gives its tags page by page", async () => {
    expect(await new RegistryClient().tags(host, "library/postgres")).toEqual([
      "16.9",
      "17.5",
      "17.6",
      "18.1",
      "18.1-alpine",
    ]);
  });

  it("that nobody reaches is said by its host", async () => {
    await expect(new RegistryClient().image("127.0.0.1:9", "a/b", "1")).rejects.toThrow(
      /^the registry at 127\.0\.0\.1:9 cannot be asked: /,
    );
  });
});

describe("an image of the catalogue against its registry", () => {
  const entry = (tag: string, more: object = {}) => ({
    registry: host,
    repository: "library/postgres",
    tag,
    platforms: BOTH,
    uid: 70,
    gid: 70,
    sources: SOURCES,
    ...more,
  });

  it("is up to date, and the next line is named", async () => {
    expect(await look(new RegistryClient(), "postgres", entry("17.6"))).toEqual({
      image: "postgres",
      reference: `${host}/library/postgres:17.6`,
      digest: digest("3"),
      platforms: BOTH,
      problems: [],
      sources: SOURCES,
      newerLine: "18.1",
    });
  });

  it.each<[string, () => Parameters<typeof look>[2], readonly (string | RegExp)[]]>([
    ["a newer patch", () => entry("17.5"), ["17.6 is newer in the same line"]],
    ["a tag that is gone", () => entry("17.4"), ["the registry has no tag 17.4"]],
    ["a tag that moved", () => entry("17.6", { digest: digest("0") }), [`the tag has moved from ${digest("0")}`]],
    [
      "a processor that it lost",
      () => entry("1.0.0", { repository: "example/one" }),
      ["it is not built for linux/arm64"],
    ],
    ["a registry that does not answer", () => entry("1", { registry: "127.0.0.1:9" }), [/cannot be asked/]],
  ])("shows %s", async (_, image, problems) => {
    const looked = await look(new RegistryClient(), "postgres", image());
    expect(looked.problems).toEqual(
      problems.map((problem) => (typeof problem === "string" ? problem : (expect.stringMatching(problem) as string))),
    );
  });
});

it.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/postgres:pull"',
    {
      realm: "https://auth.docker.io/token",
      service: "registry.docker.io",
      scope: "repository:library/postgres:pull",
    },
  ],
  [
    'Bearer realm="https://quay.io/v2/auth",service="quay.io"',
    { realm: "https://quay.io/v2/auth", service: "quay.io" },
  ],
  ['Basic realm="Registry"', "basic"],
  ['Negotiate realm="Registry"', undefined],
  ['Bearer realm="nowhere"', undefined],
  [null, undefined],
])("the challenge %s asks for %j", (header, challenge) => {
  expect(challengeOf(header)).toEqual(challenge);
});
