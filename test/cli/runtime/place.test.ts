import { expect, it } from "vitest";
import type { StateResource } from "../../../cli/engine/state.ts";
import { placesOf, type Place } from "../../../cli/runtime/place.ts";

const provider = (
  kind: string,
  inputs: NonNullable<StateResource["inputs"]>,
  more: Partial<StateResource> = {},
): StateResource => ({
  urn: `urn:pulumi:pr-7::apprun::pulumi:providers:${kind}::${kind}`,
  type: `pulumi:providers:${kind}`,
  inputs,
  ...more,
});
const CONTENT = "apiVersion: v1\nkind: Config\n";

it.each<[string, StateResource[], Place[]]>([
  [
    "a Docker host",
    [provider("docker", { host: "ssh://ci@pull-requests" })],
    [{ platform: "docker", address: { host: "ssh://ci@pull-requests" } }],
  ],
  [
    "a Docker host that is the provider's default",
    [provider("docker", {})],
    [{ platform: "docker", address: { host: "unix:///var/run/docker.sock" } }],
  ],
  [
    "a Docker host with certificates",
    [provider("docker", { host: "tcp://there:2376", certPath: "/etc/docker/tls" })],
    [{ platform: "docker", address: { host: "tcp://there:2376", certPath: "/etc/docker/tls" } }],
  ],
  [
    "a Docker host without certificates, as the provider is told",
    [provider("docker", { host: "tcp://localhost:2375", certPath: "" })],
    [{ platform: "docker", address: { host: "tcp://localhost:2375" } }],
  ],
  [
    "a cluster by a file and a context",
    [provider("kubernetes", { kubeconfig: "/home/ci/kubeconfig", context: "pr" })],
    [{ platform: "kubernetes", kubeconfig: { path: "/home/ci/kubeconfig", context: "pr" } }],
  ],
  [
    "a cluster by a whole kubeconfig that is secret",
    [provider("kubernetes", { kubeconfig: { plaintext: JSON.stringify(CONTENT) } })],
    [{ platform: "kubernetes", kubeconfig: { content: CONTENT, context: undefined } }],
  ],
  [
    "where kubectl looks",
    [provider("kubernetes", {})],
    [{ platform: "kubernetes", kubeconfig: { path: undefined, context: undefined } }],
  ],
  [
    "the place that it was moved to, without the one that only waits to be forgotten",
    [provider("docker", { host: "tcp://old" }, { delete: true }), provider("docker", { host: "tcp://new" })],
    [{ platform: "docker", address: { host: "tcp://new" } }],
  ],
  ["nowhere, where it only has what is at no runtime", [provider("random", {}), provider("cloudflare", {})], []],
])("a state says that its stack runs at %s", (_, resources, expected) => {
  expect(placesOf({ resources })).toEqual(expected);
});
