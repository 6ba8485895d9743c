import type { IngressSpec } from "../ingress.ts";
import { portSuffix, publicPlace } from "../ingress.ts";

// What stands in front of the way in, in Traefik's words: whose word on a client counts, and what services are told.

/** Networks that containers and the host itself are in. */
const PRIVATE_NETWORKS = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** The same in IPv6. */
const PRIVATE_IPV6 = ["::1/128", "fc00::/7"];

/** Bits of an address of IPv6 that are one client: a household or a server has all addresses that begin with them. */
const IPV6_CLIENT = 64;

/** The entry point for what is not public: nothing of the operator's own stands in front of it. */
const TEAM = "team";

/** An entry point's arguments. What nobody trusted says of a client is removed there. */
export function frontArguments(
  entryPoint: string,
  { front, ipv6 = false }: Pick<IngressSpec, "front" | "ipv6">,
): readonly string[] {
  const near = ipv6 ? [...PRIVATE_NETWORKS, ...PRIVATE_IPV6] : PRIVATE_NETWORKS;
  const flag = `--entrypoints.${entryPoint}`;
  switch (front?.kind) {
    case "tunnel":
      // Without this the proxy would take the list of a request's addresses off it.
      return [`${flag}.forwardedheaders.trustedips=${near.join(",")}`];
    case "proxy":
      // Only the holder of the client certificate gets as far as to send headers.
      return entryPoint === "websecure" ? [`${flag}.forwardedheaders.insecure=true`] : [];
    case "balancer": {
      if (entryPoint === TEAM) return [];
      const trusted = (front.addresses ?? near).join(",");
      if (front.clientAddress === "proxy-protocol") return [`${flag}.proxyprotocol.trustedips=${trusted}`];
      // A service that takes the last address that is not private would take that of a public balancer.
      return [`${flag}.forwardedheaders.trustedips=${trusted}`, `${flag}.forwardedheaders.notappendxforwardedfor=true`];
    }
    case undefined:
      return [];
  }
}

/** What a rate is counted by. @default - the address that connects */
export function sourceCriterion({ front, ipv6 = false }: Pick<IngressSpec, "front" | "ipv6">): object | undefined {
  const together = ipv6 ? { ipv6Subnet: IPV6_CLIENT } : {};
  const connects = ipv6 ? { ipStrategy: together } : undefined;
  if (front === undefined) return connects;
  // Every request comes from one address; what is in front names the client's.
  if (front.kind !== "balancer") return { requestHeaderName: front.clientAddressHeader };
  return front.clientAddress === "proxy-protocol" ? connects : { ipStrategy: { depth: front.hops, ...together } };
}

/**
 * What services are told of a request, beside the list of addresses. Kratos
 * takes a client's address from the first of these headers that is there, and a
 * client can send the first two itself. A header without a value is removed.
 */
export function requestHeaders(spec: Pick<IngressSpec, "front" | "tls" | "port">): Readonly<Record<string, string>> {
  const { front } = spec;
  const isEndedInFront = front?.kind === "tunnel" || (front?.kind === "balancer" && front.endsTls);
  return {
    "True-Client-Ip": "",
    ...((front === undefined || front.kind === "balancer") && { "Cf-Connecting-Ip": "" }),
    // A proxy passes on what its client sent there, or the way in writes that proxy's own address.
    ...(front?.kind === "balancer" && front.clientAddress === "forwarded-for" && { "X-Real-Ip": "" }),
    // A controller that trusts nobody would say HTTP, and services would redirect the request for ever.
    ...(isEndedInFront && { "X-Forwarded-Proto": "https", "X-Forwarded-Port": String(publicPlace(spec).port) }),
  };
}

/** Scheme, host and port that browsers are sent to, or nothing where those of the request stay. */
export function publicOrigin(spec: Pick<IngressSpec, "front" | "tls" | "port">, host: string): string | undefined {
  if (spec.front === undefined) return undefined;
  const place = publicPlace(spec);
  return `${place.scheme}://${host}${portSuffix(place)}`;
}

/** Addresses that alone may use an open plain entry point. @default - all */
export function onlyFrom({ bind, front }: Pick<IngressSpec, "bind" | "front">): readonly string[] | undefined {
  if (bind !== "public" || front?.kind !== "balancer" || front.clientAddress === "proxy-protocol") return undefined;
  return front.addresses;
}
