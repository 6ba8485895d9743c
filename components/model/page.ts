import type { ResponseHeaders } from "./response-headers.ts";
import type { RateClass } from "./limits.ts";
import type { Endpoint } from "./workload.ts";

/**
 * Who a route is for.
 *
 * - `public`: anyone who reaches the way in
 * - `preview`: reviewers of a version that is not released
 * - `team`: operators
 *
 * The last two are served on the host's loopback, and from outside only behind
 * something that asks who is there.
 */
export const AUDIENCES = ["public", "preview", "team"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** How the proxy chooses among replicas. */
export type Balancing = "round-robin" | "least-loaded";

/**
 * One thing that is reachable from outside. The list of all routes is what the
 * proxy, DNS, access control, firewall and rate rules derive from.
 */
export interface Route {
  readonly name: string;
  readonly host: string;
  /** Path that the route is for, with all below it. @default "/" */
  readonly path?: string;
  /** Whether what is behind it sees paths without `path`. @default false */
  readonly stripsPath?: boolean;
  /** A proxied HTTP port of the app tier: data is never routed to, which its type says. */
  readonly to: Endpoint<"app">;
  readonly audience: Audience;
  /** Whether what is behind it asks operators who they are; where nothing does, the way in does. @default false */
  readonly ownLogin?: boolean;
  readonly rate: RateClass;
  /** Host name that browsers are sent to instead, with the same path. @default - it is served here */
  readonly redirectsTo?: string;
  /** Paths that nobody gets from outside, with all below each: what the way in answers itself. @default [] */
  readonly hidden?: readonly string[];
  /** Paths whose answers are the same for everybody, which a CDN may keep. @default [] */
  readonly staticPaths?: readonly string[];
  /** What browsers are told of it. @default DEFAULT_HEADERS */
  readonly headers?: ResponseHeaders;
  /** Path that tells the proxy which replicas are healthy. @default - every replica gets requests */
  readonly healthPath?: string | undefined;
  /** @default "round-robin" */
  readonly balancing?: Balancing;
}

/** What leads to a page or an interface, known before the workload behind it is there. */
export interface PageSpec<Settings = never> extends Omit<
  Route,
  "host" | "to" | "audience" | "balancing" | "healthPath" | "headers" | "hidden" | "redirectsTo"
> {
  /** Whole host name, in place of one below the stack's domain. @default - `label` says it */
  readonly host?: string | undefined;
  /** Whether browsers are sent to the stack's domain instead. @default false */
  readonly redirects?: boolean;
  /** Label below the stack's domain. @default - the domain itself */
  readonly label?: string | undefined;
  /** Port that it leads to. */
  readonly port: number | ((settings: Settings) => number);
  /** @default - every replica gets requests */
  readonly healthPath?: (settings: Settings) => string | undefined;
  /** @default - none but what Prometheus reads */
  readonly hidden?: (settings: Settings) => readonly string[];
  /** @default DEFAULT_HEADERS */
  readonly headers?: (settings: Settings) => ResponseHeaders;
  /** `users`: the audience of the app, which the settings say. */
  readonly audience: "users" | "team";
  /** Whether it is served. @default - always */
  readonly on?: (settings: Settings) => boolean;
  /** @default "round-robin" */
  readonly balancing?: (settings: Settings) => Balancing;
  /**
   * Whether the stack's certificate names its host while it is off, so that
   * switching it on orders no new one.
   * @default true
   */
  readonly certifiedWhileOff?: boolean;
}

/** The host name of a page. */
export function pageHost(
  { host, label }: { readonly host?: string | undefined; readonly label?: string | undefined },
  domain: string,
): string {
  if (host !== undefined) return host;
  return label === undefined ? domain : `${label}.${domain}`;
}

export const ROOT_PATH = "/";

/** Paths of a route that nobody gets. */
export function hiddenBelow({ path = ROOT_PATH, hidden = [] }: Pick<Route, "path" | "hidden">): readonly string[] {
  return hidden.filter((each) => each.startsWith(path));
}

/** Host names of all routes, each once, sorted. */
export function hostNames(routes: readonly Pick<Route, "host">[]): readonly string[] {
  return [...new Set(routes.map(({ host }) => host))].sort();
}
