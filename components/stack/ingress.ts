import { secret, type ComponentResource, type Output } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { CertificateAuthority } from "../edge/certificate-authority.ts";
import { ORIGIN_PULL_COMMON_NAME } from "../edge/origin-pulls.ts";
import { TUNNEL_NAME } from "../edge/tunnel.ts";
import { originCertificate } from "../edge/origin-certificate.ts";
import { CLIENT_ADDRESS_HEADER, cloudflareProvider, type CloudflareProvider } from "../edge/provider.ts";
import type { Duration } from "../model/units.ts";
import type { Certificate, CertificateSource, Front, IngressSpec } from "../platform/ingress.ts";
import { createOperators, type Operators } from "./operators.ts";
import { certifiedHosts } from "./pages.ts";

/** What the way in needs before the first service stands. */
export interface WayIn {
  readonly spec: IngressSpec;
  /** Certificate in PEM of the authority that clients must trust, with `tls.mode` local-ca. */
  readonly localCa: Output<string> | undefined;
  readonly cloudflare: CloudflareProvider | undefined;
  /** How operators log in to pages that ask nobody. @default - the way in serves none */
  readonly operators: Operators | undefined;
  /** What Cloudflare shows to the host, with `cloudflare.origin` proxy. */
  readonly originPull: Certificate | undefined;
}

/** Browsers keep it for this long; what the HSTS preload list asks for is the double. */
const HSTS: Duration = "365d";

/** Certificates and the specification of the way in, from the settings. */
export function wayIn(settings: Settings, parent: ComponentResource): WayIn {
  const { proxy, limits } = settings;
  const cloudflare = settings.cloudflare.enabled ? cloudflareProvider(settings, parent) : undefined;
  const pullCa =
    cloudflare !== undefined && settings.cloudflare.origin === "proxy"
      ? new CertificateAuthority("origin-pull", { commonName: ORIGIN_PULL_COMMON_NAME }, { parent })
      : undefined;
  const originPull = pullCa?.issue("client", { use: "client", commonName: ORIGIN_PULL_COMMON_NAME });
  const operators = createOperators(settings, parent);
  const { source, localCa } = certificateSource(settings, cloudflare, parent);
  return {
    spec: {
      bind: proxy.bind,
      ipv6: hasIpv6(settings),
      port: proxy.port,
      teamPort: proxy.teamPort,
      limits,
      hsts: hstsOf(settings),
      front: frontOf(settings, pullCa, originPull),
      operators,
      tls: source && { port: proxy.tlsPort, source },
    },
    localCa,
    cloudflare,
    operators,
    originPull,
  };
}

/** Clients of IPv6 arrive where the proxy listens for them, or where the cluster has both families. */
function hasIpv6({ platform, proxy, kubernetes }: Settings): boolean {
  return platform === "docker" ? proxy.ipv6 : kubernetes.clusterCidrs.some((range) => range.includes(":"));
}

/** A browser applies it to every port of the host, and a developer's host has others that speak plain HTTP. */
function hstsOf({ tls, cloudflare }: Settings): Duration | undefined {
  const outside = tls.mode !== "off" || cloudflare.enabled;
  return tls.hsts ?? (outside && tls.mode !== "local-ca" ? HSTS : undefined);
}

function frontOf(
  settings: Settings,
  pullCa: CertificateAuthority | undefined,
  originPull: Certificate | undefined,
): Front | undefined {
  if (!settings.cloudflare.enabled) return balancerOf(settings);
  if (pullCa === undefined) return { kind: "tunnel", clientAddressHeader: CLIENT_ADDRESS_HEADER, client: TUNNEL_NAME };
  return {
    kind: "proxy",
    clientAddressHeader: CLIENT_ADDRESS_HEADER,
    clientCa: pullCa.certificate,
    clientEnds: originPull?.ends,
  };
}

function balancerOf({ front, tls }: Settings): Front | undefined {
  if (front === undefined) return undefined;
  const { addresses, port, clientAddress = "forwarded-for", hops = 1 } = front;
  return { kind: "balancer", endsTls: tls.mode === "external", addresses, port, clientAddress, hops };
}

function certificateSource(
  settings: Settings,
  cloudflare: CloudflareProvider | undefined,
  parent: ComponentResource,
): Pick<WayIn, "localCa"> & { readonly source?: CertificateSource } {
  const { tls, secrets, domain } = settings;
  const hosts = certifiedHosts(settings);
  const given = (certificate: Certificate): CertificateSource => ({ kind: "given", certificate });
  switch (tls.mode) {
    case "off":
    case "external":
      return { localCa: undefined };
    case "local-ca": {
      const authority = new CertificateAuthority(
        "local-ca",
        { commonName: `apprun ${settings.identity.stack} local CA` },
        { parent },
      );
      return {
        source: given(authority.issue("server", { use: "server", commonName: domain, hosts })),
        localCa: authority.certificate,
      };
    }
    case "own":
      return {
        source: given({ chain: secrets.tlsCertificate ?? "", key: secrets.tlsPrivateKey ?? secret("") }),
        localCa: undefined,
      };
    case "acme":
      return { source: acmeSource(settings), localCa: undefined };
    case "origin":
      return {
        source: given(
          originCertificate("origin-certificate", { hosts, commonName: domain, provider: cloudflare }, parent),
        ),
        localCa: undefined,
      };
  }
}

function acmeSource({ tls: { acme }, secrets, domain }: Settings): CertificateSource {
  const { directory = "", email = "", challenge = "http", ca, lifetime } = acme ?? {};
  return {
    kind: "acme",
    acme: {
      directory,
      email,
      ca,
      lifetime,
      challenge:
        challenge === "http"
          ? { kind: "http" }
          : { kind: "cloudflare-dns", domain, token: secrets.cloudflareDnsToken ?? secret("") },
    },
  };
}
