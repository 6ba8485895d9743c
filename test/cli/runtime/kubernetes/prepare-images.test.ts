import { expect, it } from "vitest";
import type { LoginFor } from "../../../../cli/images/authorization.ts";
import type { RegistryImage } from "../../../../cli/images/registry-client.ts";
import { badAnswer } from "../../../../cli/images/registry-refusal.ts";
import { CliError } from "../../../../cli/kit/exit.ts";
import type { Project } from "../../../../cli/kit/project.ts";
import type { Cluster } from "../../../../cli/runtime/kubernetes/client.ts";
import { prepareImages } from "../../../../cli/runtime/kubernetes/prepare-images.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const HUB = "postgres:17-alpine";
const GHCR = "ghcr.io/example/shop:1.4.2";
const DIGEST = `sha256:${"a".repeat(64)}`;
const PINNED = `quay.io/a/b:1@${DIGEST}`;
const BOTH = ["linux/amd64", "linux/arm64"];
const LOGIN = { host: "ghcr.io", username: "ci", password: "hunter2" };

interface World {
  /** Names that kubelets tell, by node; nothing where this kubeconfig may not read nodes. */
  readonly nodes?: readonly (readonly string[])[] | "forbidden";
  /** Images of containers in the namespace, by whether the node has them. */
  readonly pods?: Readonly<Record<string, boolean>>;
  /** What the registries answer: platforms, nothing, a status, or no answer. */
  readonly registries?: Readonly<Record<string, readonly string[] | number | "silent" | undefined>>;
  readonly logins?: readonly (typeof LOGIN)[];
}

const forbidden = () => Promise.reject(Object.assign(new Error("forbidden"), { code: 403 }));

function cluster({ nodes = [[]], pods = {} }: World): Pick<Cluster, "core"> {
  const nodeInfo = { operatingSystem: "linux", architecture: "amd64" };
  const core = {
    listNode: ({ labelSelector }: { labelSelector: string }) =>
      nodes === "forbidden"
        ? forbidden()
        : Promise.resolve({
            items: (labelSelector === "disk=ssd" ? nodes : []).map((names) => ({
              status: { nodeInfo, images: names.map((name) => ({ names: [name] })) },
            })),
          }),
    listNamespacedPod: ({ namespace }: { namespace: string }) => {
      expect(namespace).toBe("apprun-prod");
      const containerStatuses = Object.entries(pods).map(([image, has]) => ({ image, imageID: has ? image : "" }));
      return Promise.resolve({ items: [{ status: { containerStatuses } }, { status: {} }] });
    },
  };
  return { core: core as unknown as Cluster["core"] };
}

const project = {
  stack: "prod",
  settings: { kubernetes: { nodeSelector: { disk: "ssd" } } },
  recording: { result: { inventory: { workloads: [HUB, GHCR, PINNED, HUB].map((reference) => ({ reference })) } } },
} as unknown as Project;

async function prepared(world: World) {
  const asked: string[] = [];
  const ask = (login: LoginFor) => ({
    image: async (host: string, repository: string, version: string): Promise<RegistryImage | undefined> => {
      const name = `${host}/${repository}:${version}`;
      asked.push(`${name}${(await login(host)) === undefined ? "" : " as ci"}`);
      const answers = world.registries ?? {};
      const answer = name in answers ? answers[name] : BOTH;
      const failure = { happened: `the registry ${host} answers ${String(answer)}`, fix: "look at its login" };
      if (typeof answer === "number") throw badAnswer(answer, failure);
      if (answer === "silent") throw new CliError({ happened: `${host} cannot be asked: timeout`, fix: "elsewhere" });
      return answer && { digest: DIGEST, platforms: answer };
    },
  });
  const { error, stderr } = await captured(() =>
    prepareImages(cluster(world), "apprun-prod", project, () => Promise.resolve(world.logins ?? []), ask),
  );
  if (error !== undefined && !(error instanceof CliError)) throw error;
  return { asked: asked.sort(), stderr, message: error?.message };
}

const [ASK_HUB, ASK_GHCR, ASK_PINNED] = [
  "docker.io/library/postgres:17-alpine",
  "ghcr.io/example/shop:1.4.2",
  `quay.io/a/b:${DIGEST}`,
];

it("asks for each image that no node is known to have, once, with the login of its host", async () => {
  expect(await prepared({ logins: [LOGIN] })).toEqual({
    asked: [ASK_HUB, `${ASK_GHCR} as ci`, ASK_PINNED],
    stderr: "",
    message: undefined,
  });
});

it.each([
  ["that kubelets name", { nodes: [[`docker.io/library/${HUB}`], [GHCR, `quay.io/a/b@${DIGEST}`]] }],
  ["that run already, where kubelets name others", { pods: { [HUB]: true, [GHCR]: true, [PINNED]: true } }],
] satisfies [string, World][])("asks no registry for images %s", async (_, world) => {
  expect(await prepared(world)).toEqual({ asked: [], stderr: "", message: undefined });
});

it("asks for the image of a container that waits for it", async () => {
  expect((await prepared({ pods: { [GHCR]: false } })).asked).toContain(ASK_GHCR);
});

it("names all images together that no node has and no registry gives", async () => {
  const { message } = await prepared({
    logins: [LOGIN],
    registries: { [ASK_HUB]: undefined, [ASK_GHCR]: 403, [ASK_PINNED]: ["linux/arm64"] },
  });
  expect(message?.split("\n")).toEqual([
    "stack prod: 3 of 3 images are on no node and cannot be pulled; nothing was changed:",
    "  postgres:17-alpine: the registry has no such image; allowed: an image that is there or can be pulled; docker.io has no such tag or digest: check it, or bring the image: node cli/bin.mjs image push",
    "  ghcr.io/example/shop:1.4.2: the registry ghcr.io answers 403; allowed: an image that is there or can be pulled; ghcr.io refuses ci, the login of apprun:registries.ghcr.io, or has no such image",
    `  ${PINNED}: it is built for linux/arm64; allowed: an image for linux/amd64, which the nodes run; choose another tag, or a host that runs what it is built for`,
  ]);
  expect(message).not.toContain("hunter2");
});

const MANY = Array.from({ length: 50 }, (_, index) => `docker.io/library/other:${index}`);

it.each([
  ["a registry that does not answer", { registries: { [ASK_HUB]: "silent" } }, "docker.io cannot be asked: timeout"],
  ["a registry that limits questions", { registries: { [ASK_HUB]: 429 } }, "the registry docker.io answers 429"],
  ["a refusal without a login, for nodes have their own", { registries: { [ASK_GHCR]: 401 } }, `may pull ${GHCR}`],
  [
    "an image that a kubelet with many need not name",
    { nodes: [MANY], registries: { [ASK_HUB]: undefined } },
    `whether a node has ${HUB}`,
  ],
  [
    "an image on nodes that this kubeconfig may not read",
    { nodes: "forbidden", registries: { [ASK_HUB]: undefined } },
    `whether a node has ${HUB}`,
  ],
] satisfies [string, World, string][])("only tells of %s", async (_, world, part) => {
  const { message, stderr } = await prepared(world);
  expect(message).toBeUndefined();
  expect(stderr).toMatch(/^not checked: [^\n]+\n$/);
  expect(stderr).toContain(part);
});

it("knows no platform of nodes that it may not read", async () => {
  const { message, stderr } = await prepared({ nodes: "forbidden", registries: { [ASK_HUB]: ["linux/arm64"] } });
  expect([message, stderr]).toEqual([undefined, ""]);
});
