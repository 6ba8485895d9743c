import type { Input, Output } from "@pulumi/pulumi";
import type { RequestLimits } from "../model/limits.ts";
import type { Audience, Route } from "../model/page.ts";
import type { Duration } from "../model/units.ts";
import type { Endpoint } from "../model/workload.ts";

/** Where the way in listens, and how it treats what arrives. */
export interface IngressSpec {
  /** Whether `port` listens on every address or on the loopback only. */
  readonly bind: "public" | "loopback";
  /** Whether clients of IPv6 arrive too: on a Docker host it listens there, and one client is a network of 64 bits. @default false */
  readonly ipv6?: boolean | undefined;
  /** HTTP port of the host for `public` routes; with TLS it only redirects. */
  readonly port: number;
  /** Loopback port of the host for the other routes, plain HTTP; the same as `port` when that is on the loopback. */
  readonly teamPort: number;
  /** @default - plain HTTP */
  readonly tls?: IngressTls | undefined;
  /** @default - clients connect by themselves */
  readonly front?: Front | undefined;
  /** Time for which browsers refuse plain HTTP to a host. @default - no such header */
  readonly hsts?: Duration | undefined;
  /** @default DEFAULT_LIMITS */
  readonly limits?: RequestLimits | undefined;
  /** How operators log in to pages without a login of their own. @default - nobody is asked */
  readonly operators?: OperatorsLogin | undefined;
}

/** A login of the way in itself. */
export interface OperatorsLogin {
  readonly username: string;
  /** Hash of the password by bcrypt. */
  readonly hash: Output<string>;
  /** Which password it is: what is told of another one is told of another file. */
  readonly generation: number;
}

/** TLS that the way in itself ends. 1.2 is the oldest version that it speaks. */
export interface IngressTls {
  /** HTTPS port of the host. */
  readonly port: number;
  readonly source: CertificateSource;
}

/** Where the way in has its certificate from. */
export type CertificateSource =
  { readonly kind: "given"; readonly certificate: Certificate } | { readonly kind: "acme"; readonly acme: Acme };

/** A certificate for every host of the stack. */
export interface Certificate {
  /** The certificate and those that signed it but the root, in PEM. */
  readonly chain: Input<string>;
  /** Its private key, in PEM. */
  readonly key: Output<string>;
  /** When it ends, as RFC 3339 writes it. @default - only its holder knows */
  readonly ends?: Output<string>;
}

/** Certificates that the way in orders and renews by itself. */
export interface Acme {
  /** The directory's URL. */
  readonly directory: string;
  /** Certificate in PEM that signed the directory's own. @default - a public authority did */
  readonly ca?: string | undefined;
  /** For how long its certificates hold. @default - 90 days */
  readonly lifetime?: Duration | undefined;
  /** Where the authority writes to before a certificate ends. */
  readonly email: string;
  readonly challenge:
    | { readonly kind: "http" }
    | { readonly kind: "cloudflare-dns"; readonly domain: string; readonly token: Output<string> };
}

/**
 * What brings requests to the way in.
 *
 * - `tunnel`: a client in the edge zone, over plain HTTP; TLS ends at its other end
 * - `proxy`: a reverse proxy elsewhere, which shows a certificate of `clientCa`; nobody else gets through
 * - `balancer`: one of the operator's own, known by its addresses
 */
export type Front =
  | {
      readonly kind: "tunnel";
      readonly clientAddressHeader: string;
      /** The workload of its client. */
      readonly client: string;
    }
  | {
      readonly kind: "proxy";
      readonly clientAddressHeader: string;
      readonly clientCa: Input<string>;
      /** When the certificate ends that it shows. @default - nobody here knows */
      readonly clientEnds?: Output<string> | undefined;
    }
  | Balancer;

/** A reverse proxy or a balancer of the operator's own. */
export interface Balancer {
  readonly kind: "balancer";
  /** Whether TLS ends there: what arrives is plain HTTP, and browsers still see HTTPS. */
  readonly endsTls: boolean;
  /** Port that browsers connect to. @default - that of the scheme */
  readonly port?: number | undefined;
  /** Where it connects from, where the way in decides whom to trust. @default - private addresses */
  readonly addresses?: readonly string[] | undefined;
  readonly clientAddress: "forwarded-for" | "proxy-protocol";
  /** How many proxies add to the list of a request's addresses. */
  readonly hops: number;
}

/** A port of the way in, over plain HTTP. */
export interface Entry {
  /** `host:port`. */
  readonly address: string;
  /** The same as a port of the stack's own, which its client connects to. @default - something outside of the stack listens there */
  readonly endpoint?: Endpoint;
}

/**
 * The way in. It stands before the services, which need their own URLs, and is
 * given its routes after them.
 */
export interface Ingress {
  /** The URL of a page's root on this platform, with a slash at its end. `to` is the port that it leads to. */
  url(host: string, audience: Audience, to: Pick<Endpoint, "port">): string;
  /** The command that opens the way to a page, where its URL alone does not. */
  access(route: Route): string | undefined;
  /** Whether it serves routes for an audience; the others are reached by `access` alone. */
  serves(audience: Audience): boolean;
  /** Where a tunnel's client inside the stack delivers requests for an audience that it serves. */
  entry(audience: Audience): Entry;
  /** Sends host names to workloads. Called once. */
  route(routes: readonly Route[]): void;
}

/** Whether routes that are not public have a port of their own. */
export function separateTeamPort({ port, teamPort }: Pick<IngressSpec, "port" | "teamPort">): boolean {
  return teamPort !== port;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

type Scheme = keyof typeof DEFAULT_PORTS;

/** How browsers reach what is public. */
export function publicPlace({ front, tls, port }: Pick<IngressSpec, "front" | "tls" | "port">): {
  readonly scheme: Scheme;
  readonly port: number;
} {
  if (front === undefined) return tls === undefined ? { scheme: "http", port } : { scheme: "https", port: tls.port };
  if (front.kind !== "balancer") return { scheme: "https", port: DEFAULT_PORTS.https };
  const scheme = front.endsTls || tls !== undefined ? "https" : "http";
  return { scheme, port: front.port ?? DEFAULT_PORTS[scheme] };
}

/** The port as a URL has it: nothing where the scheme says it. */
export function portSuffix({ scheme, port }: { readonly scheme: Scheme; readonly port: number }): string {
  return port === DEFAULT_PORTS[scheme] ? "" : `:${port}`;
}

/** The URL of a host name's root, as browsers must open it. */
export function ingressUrl(spec: IngressSpec, host: string, audience: Audience): string {
  const isBehindCloudflare = spec.front !== undefined && spec.front.kind !== "balancer";
  const place =
    audience !== "public" && !isBehindCloudflare && separateTeamPort(spec)
      ? ({ scheme: "http", port: spec.teamPort } as const)
      : publicPlace(spec);
  return `${place.scheme}://${host}${portSuffix(place)}/`;
}
