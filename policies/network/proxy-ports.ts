import { NOT_ELSEWHERE, type ResourcePolicy } from "../policy.ts";
import { exposuresOf } from "../read/exposure.ts";
import { PROXY } from "../read/proxy.ts";
import { trustsFront } from "../read/traefik.ts";

const WEB = [80, 443];

export const proxyPorts: ResourcePolicy = {
  kind: "resource",
  name: "proxy-ports",
  description:
    "In production the proxy is public on 80 and 443 only, or on any port that only what is in front of it may reach. Stacks that share a host have ports of their own.",
  enforcement: NOT_ELSEWHERE,
  allowed: "80 and 443, and any port with apprun:front",
  remedy: "set proxy.port or apprun:front, or bind it to the loopback",
  check: (resource) =>
    exposuresOf(resource)
      .filter(({ service, port, target }) => service === PROXY && !WEB.includes(port) && !trustsFront(resource, target))
      .map(({ label, address, port }) => `${label}: got ${address}:${port}`),
};
