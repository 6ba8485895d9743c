import type { Settings } from "./settings.ts";
import type { Route } from "../model/routes.ts";
import type { Endpoint } from "../model/workload.ts";
import { HEALTH_PATH } from "../services/app/app.ts";

/** What people reach by name. */
export interface RouteTargets {
  readonly app: Endpoint<"app">;
  readonly kratos: Endpoint<"app">;
  readonly grafana: Endpoint<"app"> | undefined;
  readonly prometheus: Endpoint<"app"> | undefined;
  readonly alertmanager: Endpoint<"app"> | undefined;
  readonly jaeger: Endpoint<"app"> | undefined;
  readonly temporalUi: Endpoint<"app"> | undefined;
}

/** Host names of the stack's pages, below its domain. */
export function hostsOf(domain: string) {
  return {
    app: domain,
    api: `api.${domain}`,
    auth: `auth.${domain}`,
    grafana: `grafana.${domain}`,
    prometheus: `prometheus.${domain}`,
    alertmanager: `alertmanager.${domain}`,
    jaeger: `jaeger.${domain}`,
    temporal: `temporal.${domain}`,
  };
}

/** Path of the app's WebSockets. */
const WEBSOCKET_PATH = "/ws";

/** Everything that is reachable from outside of the stack. */
export function routesOf({ domain, app, proxy }: Pick<Settings, "domain" | "app" | "proxy">, targets: RouteTargets): readonly Route[] {
  const hosts = hostsOf(domain);
  const replicas = { to: targets.app, audience: proxy.audience, rate: "standard", healthPath: HEALTH_PATH } as const;
  const team = (name: string, host: string, to: Endpoint<"app"> | undefined): Route[] =>
    to === undefined ? [] : [{ name, host, to, audience: "team", rate: "operator" }];
  return [
    { name: "app", host: hosts.app, ...replicas, balancing: app.balancing, staticPaths: ["/assets/", "/static/"] },
    { name: "api", host: hosts.api, ...replicas, balancing: app.balancing },
    { name: "websocket", host: hosts.app, path: WEBSOCKET_PATH, ...replicas, balancing: app.balancing },
    { name: "auth", host: hosts.auth, to: targets.kratos, audience: proxy.audience, rate: "login" },
    ...team("grafana", hosts.grafana, targets.grafana),
    ...team("prometheus", hosts.prometheus, targets.prometheus),
    ...team("alertmanager", hosts.alertmanager, targets.alertmanager),
    ...team("jaeger", hosts.jaeger, targets.jaeger),
    ...team("temporal", hosts.temporal, targets.temporalUi),
  ];
}
