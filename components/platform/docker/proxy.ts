import type { Image } from "../../model/images.ts";
import type { Port } from "../../model/ports.ts";
import { seconds } from "../../model/units.ts";
import type { Audience } from "../../model/page.ts";
import type { Mount } from "../../model/volume.ts";
import type { Ready, Resources, SecretFile, WorkloadSpec } from "../../model/workload.ts";
import { separateTeamPort, type Acme, type IngressSpec } from "../ingress.ts";
import { ACCESS_LOG_ARGUMENTS, entryPointArguments } from "../traefik/static-arguments.ts";
import { proxyObservability } from "./proxy-observability.ts";

/** Directory that the proxy watches for routes. */
export const ROUTES_DIRECTORY = "/etc/traefik/routes";

/** Directory of the proxy's certificates and of what proves that it may order them. */
export const TLS_DIRECTORY = "/tls";

/** The root of an authority of the operator's own. */
export const ACME_CA = `${TLS_DIRECTORY}/acme-ca.pem`;

/** Where a request's body is until it is whole. */
export const BODIES_DIRECTORY = "/tmp";

/** Name of what orders certificates. */
export const ACME_RESOLVER = "acme";

const PORTS = { web: 8000, team: 8001, websecure: 8443, metrics: 8082 } as const;
export type EntryPoint = "web" | "team" | "websecure";

const DNS_TOKEN_FILE = "/run/secrets/cloudflare-dns-token";

export interface ProxyArgs {
  readonly image: Image;
  readonly resources: Resources;
}

export interface ProxyWorkloadArgs extends ProxyArgs {
  readonly spec: IngressSpec;
  readonly mounts: readonly Mount[];
  /** @default [] */
  readonly dependsOn?: readonly Ready[];
}

/** Traefik with its static configuration on the command line and its routes in a watched directory. */
export function proxyWorkload({
  image,
  resources,
  spec,
  mounts,
  dependsOn = [],
}: ProxyWorkloadArgs): WorkloadSpec<"edge"> {
  const acme = spec.tls?.source.kind === "acme" ? spec.tls.source.acme : undefined;
  return {
    tier: "edge",
    zone: "edge",
    image,
    args: [
      ...entryPoints(spec).flatMap((name) => entryPointArguments(name, PORTS[name], spec)),
      `--entrypoints.metrics.address=:${PORTS.metrics}`,
      `--providers.file.directory=${ROUTES_DIRECTORY}`,
      "--providers.file.watch=true",
      "--ping=true",
      "--ping.entrypoint=metrics",
      "--metrics.prometheus=true",
      "--metrics.prometheus.entrypoint=metrics",
      ...ACCESS_LOG_ARGUMENTS,
      ...(acme === undefined ? [] : acmeArguments(acme)),
      "--global.checknewversion=false",
      "--global.sendanonymoususage=false",
    ],
    ...(acme?.challenge.kind === "cloudflare-dns" && {
      env: { CF_DNS_API_TOKEN_FILE: DNS_TOKEN_FILE },
      secretFiles: dnsTokenFile(acme),
    }),
    mounts,
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: { ...webPorts(spec), metrics: { port: PORTS.metrics, exposure: "internal" } },
    probe: { kind: "http", port: "metrics", path: "/ping", interval: "2s" },
    metrics: { port: "metrics", path: "/metrics", drop: "go_.*" },
    observability: proxyObservability(spec.front),
    reaches: ["backend"],
    ...(acme && { egress: true }),
    dependsOn,
  };
}

/** Entry points that clients use. */
function entryPoints(spec: IngressSpec): readonly EntryPoint[] {
  return [
    "web",
    ...(separateTeamPort(spec) ? (["team"] as const) : []),
    ...(spec.tls === undefined ? [] : (["websecure"] as const)),
  ];
}

/** The entry points on which a route for an audience is served. */
export function entryPointsOf(audience: Audience, spec: IngressSpec): readonly EntryPoint[] {
  const open = spec.tls === undefined ? "web" : "websecure";
  if (audience === "public" || !separateTeamPort(spec)) return [open];
  // In front stands what asks who is there, and the client certificate keeps everybody from going around it.
  return spec.front?.kind === "proxy" ? ["team", open] : ["team"];
}

function acmeArguments({ directory, ca, lifetime, email, challenge }: Acme): readonly string[] {
  const resolver = `--certificatesresolvers.${ACME_RESOLVER}.acme`;
  return [
    `${resolver}.caserver=${directory}`,
    ...(ca === undefined ? [] : [`${resolver}.cacertificates=${ACME_CA}`]),
    ...(lifetime === undefined ? [] : [`${resolver}.certificatesduration=${Math.ceil(seconds(lifetime) / 3600)}`]),
    `${resolver}.email=${email}`,
    `${resolver}.storage=${TLS_DIRECTORY}/acme.json`,
    ...(challenge.kind === "http"
      ? [`${resolver}.httpchallenge.entrypoint=web`]
      : [`${resolver}.dnschallenge.provider=cloudflare`]),
  ];
}

function dnsTokenFile({ challenge }: Acme): readonly SecretFile[] {
  return challenge.kind === "cloudflare-dns" ? [{ path: DNS_TOKEN_FILE, content: challenge.token }] : [];
}

function webPorts(spec: IngressSpec): Record<string, Port> {
  const { bind, ipv6 } = spec;
  return {
    web: { port: PORTS.web, exposure: bind, hostPort: spec.port, ipv6 },
    ...(spec.tls && {
      websecure: { port: PORTS.websecure, exposure: bind, hostPort: spec.tls.port, protocol: "tcp", ipv6 },
    }),
    ...(separateTeamPort(spec) && { team: { port: PORTS.team, exposure: "loopback", hostPort: spec.teamPort, ipv6 } }),
  };
}
