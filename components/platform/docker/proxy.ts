import type { Image } from "../../model/images.js";
import type { Port } from "../../model/ports.js";
import type { Resources, Volume, WorkloadSpec } from "../../model/workload.js";
import { proxyObservability } from "./proxy-observability.js";
import type { IngressSpec } from "../platform.js";

/** Directory that the proxy watches for routes. */
export const ROUTES_DIRECTORY = "/etc/traefik/routes";

/** Names of the proxy's entry points, by audience. */
export const ENTRY_POINTS = { public: "web", team: "team" } as const;

const PORTS = { web: 8000, team: 8001, metrics: 8082 } as const;

export interface ProxyWorkloadArgs {
  readonly image: Image;
  readonly resources: Resources;
  readonly spec: IngressSpec;
  readonly routes: Volume;
}

/** Traefik with its static configuration on the command line and its routes in a watched directory. */
export function proxyWorkload({ image, resources, spec, routes }: ProxyWorkloadArgs): WorkloadSpec<"edge"> {
  return {
    tier: "edge",
    zone: "edge",
    image,
    args: [
      `--entrypoints.web.address=:${PORTS.web}`,
      ...(separateTeamPort(spec) ? [`--entrypoints.team.address=:${PORTS.team}`] : []),
      `--entrypoints.metrics.address=:${PORTS.metrics}`,
      `--providers.file.directory=${ROUTES_DIRECTORY}`,
      "--providers.file.watch=true",
      "--ping=true",
      "--ping.entrypoint=metrics",
      "--metrics.prometheus=true",
      "--metrics.prometheus.entrypoint=metrics",
      "--entrypoints.web.transport.respondingtimeouts.idletimeout=180s",
      "--entrypoints.web.transport.lifecycle.gracetimeout=10s",
      "--accesslog=true",
      "--accesslog.format=json",
      // Paths carry query strings and headers carry cookies: both can hold tokens.
      "--accesslog.fields.headers.defaultmode=drop",
      "--accesslog.fields.names.RequestPath=drop",
      "--global.checknewversion=false",
      "--global.sendanonymoususage=false",
    ],
    mounts: [{ volume: routes, path: ROUTES_DIRECTORY, readOnly: true }],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    ports: { ...webPorts(spec), metrics: { port: PORTS.metrics, exposure: "internal" } },
    probe: { kind: "http", port: "metrics", path: "/ping", interval: "2s" },
    metrics: { port: "metrics", path: "/metrics", drop: "go_.*" },
    observability: proxyObservability(),
    reaches: ["backend"],
  };
}

/** Whether operators' pages have an entry point of their own. */
export function separateTeamPort({ port, teamPort }: IngressSpec): boolean {
  return teamPort !== port;
}

function webPorts(spec: IngressSpec): Record<string, Port> {
  const web: Port = { port: PORTS.web, exposure: spec.bind, hostPort: spec.port };
  if (!separateTeamPort(spec)) return { web };
  return { web, team: { port: PORTS.team, exposure: "loopback", hostPort: spec.teamPort } };
}
