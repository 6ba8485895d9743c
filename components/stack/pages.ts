import { hostNames, pageHost, type PageSpec, type Route } from "../model/page.ts";
import type { Endpoint, Workload } from "../model/workload.ts";
import { SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { Settings } from "./settings.ts";

/** What services answer with for their pages: the port behind each, by the page's name. */
export type PageTargets = Readonly<Record<string, Endpoint<"app">>>;

/** A page of a stack: where it is and for whom, before the workload behind it is there. */
export interface Page extends Omit<Route, "to"> {
  readonly port: number;
  readonly on: boolean;
  readonly certified: boolean;
}

/** Every page that the stack has or could have. */
export function pagesOf(settings: Settings, services: readonly Service<Settings>[] = SERVICES): readonly Page[] {
  return services
    .flatMap(({ pages = [], ownPages }): readonly PageSpec<Settings>[] => [...pages, ...(ownPages?.(settings) ?? [])])
    .map((spec) => {
      const {
        name,
        port,
        audience,
        rate,
        path,
        stripsPath,
        healthPath,
        staticPaths,
        balancing,
        ownLogin,
        hidden,
        headers,
        certifiedWhileOff = true,
      } = spec;
      const on = spec.on?.(settings) ?? true;
      return {
        ...{ name, rate, on, certified: on || certifiedWhileOff },
        port: typeof port === "number" ? port : port(settings),
        host: pageHost(spec, settings.domain),
        ...(spec.redirects === true && { redirectsTo: settings.domain }),
        audience: audience === "users" ? settings.proxy.audience : audience,
        ...(path !== undefined && { path }),
        ...(stripsPath !== undefined && { stripsPath }),
        ...(ownLogin !== undefined && { ownLogin }),
        healthPath: healthPath?.(settings),
        ...(hidden !== undefined && { hidden: hidden(settings) }),
        ...(headers !== undefined && { headers: headers(settings) }),
        ...(staticPaths !== undefined && { staticPaths }),
        ...(balancing !== undefined && { balancing: balancing(settings) }),
      };
    });
}

/** The page of a name. */
export function pageNamed(settings: Settings, name: string): Page {
  const page = pagesOf(settings).find((each) => each.name === name);
  if (page === undefined) throw new Error(`no service has a page ${name}`);
  return page;
}

/** Host names that the stack's certificate is for, each once, sorted. */
export function certifiedHosts(
  settings: Settings,
  services: readonly Service<Settings>[] = SERVICES,
): readonly string[] {
  return hostNames(pagesOf(settings, services).filter(({ certified }) => certified));
}

/** The same routes without what Prometheus reads at the port behind them: figures are for inside. */
export function withoutMetrics(routes: readonly Route[], workloads: readonly Workload[]): readonly Route[] {
  const paths = new Map(
    workloads.flatMap(({ name, spec: { metrics } }) => (metrics ? [[`${name}:${metrics.port}`, metrics.path]] : [])),
  );
  return routes.map((route) => {
    const path = paths.get(`${route.to.workload}:${route.to.portName}`);
    return path === undefined || route.redirectsTo !== undefined
      ? route
      : { ...route, hidden: [...(route.hidden ?? []), path] };
  });
}

/** Everything that is reachable from outside of the stack. */
export function routesOf(
  settings: Settings,
  targets: PageTargets,
  services: readonly Service<Settings>[] = SERVICES,
): readonly Route[] {
  return pagesOf(settings, services)
    .filter(({ on }) => on)
    .map(({ on: _on, certified: _certified, port: _port, ...page }) => {
      const to = targets[page.name];
      if (to === undefined) throw new Error(`page ${page.name} is on and no service answers for it`);
      return { ...page, to };
    });
}
