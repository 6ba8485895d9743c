import type { Balancing, Route } from "../../model/routes.js";
import type { IngressSpec } from "../platform.js";
import { ENTRY_POINTS, separateTeamPort } from "./proxy.js";

/** Traefik's name of each strategy; power of two choices picks the less loaded of two. */
const STRATEGY: Record<Balancing, string> = { "round-robin": "wrr", "least-loaded": "p2c" };

/** Traefik's dynamic configuration: one router and one service a route. */
export function dynamicConfiguration(unsorted: readonly Route[], spec: IngressSpec): object {
  const routes = [...unsorted].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    http: {
      routers: Object.fromEntries(routes.map((route) => [route.name, router(route, spec)])),
      services: Object.fromEntries(routes.map((route) => [route.name, service(route)])),
    },
  };
}

function router({ name, host, path, audience }: Route, spec: IngressSpec): object {
  const rule = path === undefined || path === "/" ? `Host(\`${host}\`)` : `Host(\`${host}\`) && PathPrefix(\`${path}\`)`;
  const entryPoint = audience === "team" && separateTeamPort(spec) ? ENTRY_POINTS.team : ENTRY_POINTS.public;
  return { rule, service: name, entryPoints: [entryPoint] };
}

function service({ to, balancing = "round-robin", healthPath }: Route): object {
  return {
    loadBalancer: {
      strategy: STRATEGY[balancing],
      servers: to.replicaHosts.map((host) => ({ url: `http://${host}:${to.port}` })),
      ...(healthPath && { healthCheck: { path: healthPath, interval: "2s", timeout: "2s" } }),
    },
  };
}
