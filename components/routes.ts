import type { Settings } from "./config/settings.js";
import type { Route } from "./model/routes.js";
import type { Endpoint } from "./model/workload.js";
import { HEALTH_PATH } from "./services/app.js";

/** What people reach by name. */
export interface RouteTargets {
  readonly app: Endpoint;
  readonly kratos: Endpoint;
  readonly grafana: Endpoint | undefined;
  readonly prometheus: Endpoint | undefined;
  readonly alertmanager: Endpoint | undefined;
  readonly temporalUi: Endpoint | undefined;
}

/** Host names of the stack's pages, below its domain. */
export function hostsOf(domain: string) {
  return {
    app: domain,
    auth: `auth.${domain}`,
    grafana: `grafana.${domain}`,
    prometheus: `prometheus.${domain}`,
    alertmanager: `alertmanager.${domain}`,
    temporal: `temporal.${domain}`,
  };
}

/** Everything that is reachable from outside of the stack. */
export function routesOf({ domain, app }: Pick<Settings, "domain" | "app">, targets: RouteTargets): readonly Route[] {
  const hosts = hostsOf(domain);
  const team = (name: string, host: string, to: Endpoint | undefined): Route[] => (to === undefined ? [] : [{ name, host, to, audience: "team" }]);
  return [
    { name: "app", host: hosts.app, to: targets.app, audience: "public", healthPath: HEALTH_PATH, balancing: app.balancing },
    { name: "auth", host: hosts.auth, to: targets.kratos, audience: "public" },
    ...team("grafana", hosts.grafana, targets.grafana),
    ...team("prometheus", hosts.prometheus, targets.prometheus),
    ...team("alertmanager", hosts.alertmanager, targets.alertmanager),
    ...team("temporal", hosts.temporal, targets.temporalUi),
  ];
}
