import { DEFAULT_LIMITS, RATE_CLASSES, type RateClass, type RequestLimits } from "../../model/limits.ts";
import type { Route } from "../../model/page.ts";
import { mebibytes, seconds } from "../../model/units.ts";
import type { IngressSpec } from "../ingress.ts";

// Traefik's middlewares in the form that its files and its custom resources share.

export const SECURITY_HEADERS = "security-headers";
export const BODY_LIMIT = "body-limit";
export const RETRY = "retry";
export const REDIRECT = "redirect-to-https";
export const rateLimitName = (rate: RateClass) => `rate-${rate}`;

/** Bytes of a request that stay in memory; the rest of it is on disk until it is whole. */
const BODY_IN_MEMORY = 1024 * 1024;

/** Every middleware of the way in, by name. */
export function middlewares(spec: IngressSpec): Readonly<Record<string, object>> {
  const limits = spec.limits ?? DEFAULT_LIMITS;
  return {
    [SECURITY_HEADERS]: { headers: securityHeaders(spec) },
    [BODY_LIMIT]: {
      buffering: { maxRequestBodyBytes: mebibytes(limits.maxBody) * 1024 * 1024, memRequestBodyBytes: BODY_IN_MEMORY },
    },
    // Tries another replica when one cannot be reached; never repeats what a service has begun to read.
    [RETRY]: { retry: { attempts: 3, initialInterval: "100ms" } },
    ...Object.fromEntries(
      RATE_CLASSES.map((rate) => [rateLimitName(rate), { rateLimit: rateLimit(limits, rate, spec) }]),
    ),
    ...(spec.tls && {
      [REDIRECT]: {
        redirectScheme: {
          scheme: "https",
          permanent: true,
          ...(spec.tls.port !== 443 && { port: String(spec.tls.port) }),
        },
      },
    }),
  };
}

/** What sends browsers to another host; scheme, port and path stay. */
export function hostRedirects(routes: readonly Pick<Route, "redirectsTo">[]): Readonly<Record<string, object>> {
  const hosts = [...new Set(routes.flatMap(({ redirectsTo }) => redirectsTo ?? []))].sort();
  return Object.fromEntries(
    hosts.map((host) => [
      hostRedirectName(host),
      {
        redirectRegex: {
          regex: "^(https?)://[^/:]+(:[0-9]+)?/(.*)",
          replacement: `\${1}://${host}\${2}/\${3}`,
          permanent: true,
        },
      },
    ]),
  );
}

const hostRedirectName = (host: string) => `redirect-to-${host}`;

/** The middlewares of one route's router, in the order in which a request meets them. */
export function chain(
  { rate, to, redirectsTo }: Pick<Route, "rate" | "to" | "redirectsTo">,
  direction: "read" | "write",
): readonly string[] {
  if (redirectsTo !== undefined) return [SECURITY_HEADERS, rateLimitName(rate), hostRedirectName(redirectsTo)];
  return [
    SECURITY_HEADERS,
    rateLimitName(rate),
    ...(direction === "write" ? [BODY_LIMIT] : []),
    ...(to.replicaHosts.length > 1 || to.replicaDns !== undefined ? [RETRY] : []),
  ];
}

function securityHeaders({ hsts, front }: IngressSpec): object {
  return {
    contentTypeNosniff: true,
    customFrameOptionsValue: "SAMEORIGIN",
    referrerPolicy: "strict-origin-when-cross-origin",
    permissionsPolicy: "camera=(), geolocation=(), microphone=()",
    // An empty value removes the header: who answers is nobody's business.
    customResponseHeaders: { Server: "", "X-Powered-By": "" },
    ...(hsts && { stsSeconds: seconds(hsts) }),
    // A tunnel's client brings what came over HTTPS as plain HTTP, for which the header would be left out.
    ...(hsts && front?.kind === "tunnel" && { forceSTSHeader: true }),
  };
}

function rateLimit({ rates }: RequestLimits, rate: RateClass, { front }: IngressSpec): object {
  const { average, burst } = rates[rate];
  // Behind something else every request comes from one address; it names the client's in a header.
  return { average, burst, ...(front && { sourceCriterion: { requestHeaderName: front.clientAddressHeader } }) };
}
