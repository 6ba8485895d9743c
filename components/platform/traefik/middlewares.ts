import { isDeepStrictEqual } from "node:util";
import { DEFAULT_LIMITS, RATE_CLASSES, rateOf, type RateClass, type RequestLimits } from "../../model/limits.ts";
import { ROOT_PATH, type Route } from "../../model/page.ts";
import { DEFAULT_HEADERS, type ResponseHeaders } from "../../model/response-headers.ts";
import { mebibytes, seconds } from "../../model/units.ts";
import { portSuffix, publicPlace, type IngressSpec } from "../ingress.ts";
import type { Direction } from "./rules.ts";
import { frameOptions, isList, permissionsPolicy } from "./response-headers.ts";
import { onlyFrom, publicOrigin, requestHeaders, sourceCriterion } from "./front.ts";

// Traefik's middlewares in the form that its files and its custom resources share.

export const SECURITY_HEADERS = "security-headers";
export const BODY_LIMIT = "body-limit";
export const RETRY = "retry";
export const REDIRECT = "redirect-to-https";
export const OPERATORS = "operators";
const ONLY_FRONT = "only-front";
export const rateLimitName = (rate: RateClass) => `rate-${rate}`;

/** Bytes of a request that stay in memory; the rest of it is on disk until it is whole. */
const BODY_IN_MEMORY = 1024 * 1024;

/** Every middleware of the way in, by name. */
export function middlewares(
  spec: IngressSpec,
  routes: readonly Pick<Route, "name" | "headers" | "redirectsTo" | "path" | "stripsPath">[] = [],
): Readonly<Record<string, object>> {
  const limits = spec.limits ?? DEFAULT_LIMITS;
  return {
    [SECURITY_HEADERS]: { headers: securityHeaders(spec) },
    ...Object.fromEntries(
      routes
        .filter(hasOwnHeaders)
        .map((route) => [headersName(route), { headers: securityHeaders(spec, route.headers) }]),
    ),
    [BODY_LIMIT]: {
      buffering: { maxRequestBodyBytes: largestBody(limits), memRequestBodyBytes: BODY_IN_MEMORY },
    },
    // Tries another replica when one cannot be reached; never repeats what a service has begun to read.
    [RETRY]: { retry: { attempts: 3, initialInterval: "100ms" } },
    ...Object.fromEntries(
      routes.flatMap((route) =>
        stripped(route).map((path) => [stripName(route), { stripPrefix: { prefixes: [path] } }]),
      ),
    ),
    ...Object.fromEntries(
      RATE_CLASSES.map((rate) => [rateLimitName(rate), { rateLimit: rateLimit(limits, rate, spec) }]),
    ),
    ...(onlyFrom(spec) && { [ONLY_FRONT]: { ipAllowList: { sourceRange: onlyFrom(spec) } } }),
    ...(spec.tls && {
      [REDIRECT]: {
        redirectScheme: {
          scheme: "https",
          permanent: true,
          ...(portSuffix(publicPlace(spec)) !== "" && { port: String(publicPlace(spec).port) }),
        },
      },
    }),
  };
}

/** The largest body of a request, in bytes. */
export function largestBody({ maxBody }: RequestLimits = DEFAULT_LIMITS): number {
  return Math.floor(mebibytes(maxBody) * 1024 * 1024);
}

/** What sends browsers to another host; the path stays, and scheme and port as browsers see them. */
export function hostRedirects(
  routes: readonly Pick<Route, "redirectsTo">[],
  spec: IngressSpec,
): Readonly<Record<string, object>> {
  const hosts = [...new Set(routes.flatMap(({ redirectsTo }) => redirectsTo ?? []))].sort();
  return Object.fromEntries(
    hosts.map((host) => [
      hostRedirectName(host),
      {
        redirectRegex: {
          regex: "^(https?)://[^/:]+(:[0-9]+)?/(.*)",
          replacement: `${publicOrigin(spec, host) ?? `\${1}://${host}\${2}`}/\${3}`,
          permanent: true,
        },
      },
    ]),
  );
}

const stripName = ({ name }: Pick<Route, "name">) => `strip-${name}`;

/** The path that what is behind a route does not see. */
function stripped({ path = ROOT_PATH, stripsPath = false }: Pick<Route, "path" | "stripsPath">): readonly string[] {
  return stripsPath && path !== ROOT_PATH ? [path] : [];
}

const hostRedirectName = (host: string) => `redirect-to-${host}`;

/** The middlewares of one route's router, in the order in which a request meets them. */
export function chain(
  route: Pick<
    Route,
    "name" | "headers" | "rate" | "to" | "redirectsTo" | "audience" | "ownLogin" | "path" | "stripsPath"
  >,
  direction: Direction,
  spec: IngressSpec,
): readonly string[] {
  const { rate, to, redirectsTo, audience, ownLogin } = route;
  const first = [...(audience === "public" && onlyFrom(spec) ? [ONLY_FRONT] : []), headersName(route)];
  if (redirectsTo !== undefined) return [...first, rateLimitName(rate), hostRedirectName(redirectsTo)];
  return [
    ...first,
    rateLimitName(rate),
    // After the rate, which bounds guesses and what each of them costs.
    ...(audience === "team" && ownLogin !== true && spec.operators ? [OPERATORS] : []),
    ...(direction === "write" ? [BODY_LIMIT] : []),
    ...stripped(route).map(() => stripName(route)),
    ...(to.replicaHosts.length > 1 || to.replicaDns !== undefined ? [RETRY] : []),
  ];
}

type WithHeaders = Pick<Route, "name" | "headers" | "redirectsTo">;

/** What sends browsers elsewhere shows no page. */
function hasOwnHeaders({ headers, redirectsTo }: WithHeaders): boolean {
  return redirectsTo === undefined && headers !== undefined && !isDeepStrictEqual(headers, DEFAULT_HEADERS);
}

function headersName(route: WithHeaders): string {
  return hasOwnHeaders(route) ? `${SECURITY_HEADERS}-${route.name}` : SECURITY_HEADERS;
}

function securityHeaders(spec: IngressSpec, own: ResponseHeaders = DEFAULT_HEADERS): object {
  const { hsts, front } = spec;
  // What arrives in plain although browsers see HTTPS gets no such header by itself.
  const isPlain = front?.kind === "tunnel" || (front?.kind === "balancer" && front.endsTls);
  return {
    contentTypeNosniff: true,
    ...frameOptions(own),
    referrerPolicy: "strict-origin-when-cross-origin",
    permissionsPolicy: permissionsPolicy(own),
    // An empty value removes the header: who answers is nobody's business.
    customResponseHeaders: {
      Server: "",
      "X-Powered-By": "",
      // It cannot name origins, and browsers would go by it beside what does.
      ...(isList(own.frames) && { "X-Frame-Options": "" }),
    },
    customRequestHeaders: requestHeaders(spec),
    ...(hsts && { stsSeconds: seconds(hsts) }),
    ...(hsts && isPlain && { forceSTSHeader: true }),
  };
}

function rateLimit(limits: RequestLimits, rate: RateClass, spec: IngressSpec): object {
  const criterion = sourceCriterion(spec);
  return { ...rateOf(limits, rate), ...(criterion && { sourceCriterion: criterion }) };
}
