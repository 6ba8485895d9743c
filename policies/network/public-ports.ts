import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { exposuresOf } from "../read/exposure.ts";
import { PROXY } from "../read/proxy.ts";

export const onlyProxyPublic: ResourcePolicy = {
  kind: "resource",
  name: "only-proxy-public",
  description:
    "Only the proxy listens on a public address, so that every way in has one place for TLS, limits and logs.",
  enforcement: EVERYWHERE,
  allowed: `the service "${PROXY}"`,
  remedy: "make the port internal and give it a route",
  check: (resource) =>
    exposuresOf(resource)
      .filter(({ service }) => service !== PROXY)
      .map(({ label, address, port }) => `${label}: got a public port, ${address}:${port}`),
};
