import { expect, it } from "vitest";
import type { DockerEnvironment } from "../../../../components/platform/docker/which-docker.ts";
import { shellEngine } from "../../../../cli/runtime/docker/shell-engine.ts";

const NONE = { chosen: () => undefined, named: () => undefined };
const BOTH = {
  chosen: () => ({ name: "chosen", host: "ssh://chosen" }),
  named: (name: string) => (name === "default" ? undefined : { name, host: `ssh://${name}` }),
};

it.each<[string, string | undefined, DockerEnvironment, typeof NONE | typeof BOTH, object]>([
  ["Docker's own default", undefined, {}, NONE, { host: "unix:///var/run/docker.sock" }],
  ["the chosen context", undefined, {}, BOTH, { host: "ssh://chosen" }],
  ["the context of the environment", undefined, { DOCKER_CONTEXT: "other" }, BOTH, { host: "ssh://other" }],
  [
    "Docker's own default where the environment says so",
    undefined,
    { DOCKER_CONTEXT: "default" },
    BOTH,
    { host: "unix:///var/run/docker.sock" },
  ],
  [
    "the host of the environment",
    undefined,
    { DOCKER_HOST: "ssh://vps", DOCKER_CONTEXT: "other" },
    BOTH,
    { host: "ssh://vps" },
  ],
  [
    "its certificates with it",
    undefined,
    { DOCKER_HOST: "tcp://vps:2376", DOCKER_CERT_PATH: "/certs" },
    NONE,
    { host: "tcp://vps:2376", certPath: "/certs" },
  ],
  ["what the option names", "unix:///own.sock", { DOCKER_HOST: "ssh://vps" }, BOTH, { host: "unix:///own.sock" }],
])("an image is looked for on %s", (_, given, environment, contexts, address) => {
  expect(shellEngine(given, environment, contexts)).toEqual(address);
});

it.each<[string, string | undefined, DockerEnvironment]>([
  ['--from: got "vps"', "vps", {}],
  ['DOCKER_HOST: got "npipe:////./pipe/docker"', undefined, { DOCKER_HOST: "npipe:////./pipe/docker" }],
])("refuses what is no address: %s", (message, given, environment) => {
  expect(() => shellEngine(given, environment, NONE)).toThrow(
    `${message}; allowed: unix:///path/of/docker.sock, ssh://`,
  );
});
