import { secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { selectImage } from "../../../components/services/catalogue.ts";
import type { Route } from "../../../components/model/page.ts";
import { publishedPorts } from "../../../components/platform/docker/ports.ts";
import { entryPointsOf, proxyWorkload } from "../../../components/platform/docker/proxy.ts";
import { certificateComment, tlsFilesJob } from "../../../components/platform/docker/tls-files.ts";
import { dynamicConfiguration } from "../../../components/platform/docker/traefik-routes.ts";
import { ingressUrl, type IngressSpec, type IngressTls } from "../../../components/platform/ingress.ts";
import { endpoint, RESOURCES } from "../../support/record/specs.ts";

const OPEN: IngressSpec = { bind: "public", port: 80, teamPort: 10_080 };
const LOOPBACK: IngressSpec = { bind: "loopback", port: 8000, teamPort: 8000 };
const GIVEN: IngressTls = { port: 443, source: { kind: "given", certificate: { chain: "chain", key: secret("key") } } };
const ACME: IngressTls = {
  port: 443,
  source: {
    kind: "acme",
    acme: {
      directory: "https://ca.example.com/directory",
      email: "ops@example.com",
      challenge: { kind: "cloudflare-dns", domain: "example.com", token: secret("token") },
    },
  },
};
const FRONT = { kind: "proxy", clientAddressHeader: "Cf-Connecting-Ip", clientCa: "ca" } as const;

const image = selectImage("traefik");
const proxy = (spec: IngressSpec) => proxyWorkload({ image, resources: RESOURCES, spec, mounts: [] });

const ROUTES: readonly Route[] = [
  { name: "grafana", host: "grafana.example.com", to: endpoint("grafana", 3000), audience: "team", rate: "operator" },
  {
    name: "app",
    host: "example.com",
    path: "/api",
    to: endpoint("apprun", 8080, { replicaHosts: ["apprun-1", "apprun-2"] }),
    audience: "public",
    rate: "standard",
    balancing: "least-loaded",
    healthPath: "/health",
  },
];

type Routers = Record<string, { rule: string; entryPoints: string[]; middlewares: string[]; priority: number; tls?: object }>;
const configuration = (spec: IngressSpec, routes = ROUTES) =>
  dynamicConfiguration(routes, spec) as { http: { routers: Routers; services: object; serversTransports: object }; tls?: object };
const places = (spec: IngressSpec) =>
  Object.entries(configuration(spec).http.routers).map(([name, { entryPoints, tls }]) => `${name} on ${entryPoints.join("+")}${tls ? " tls" : ""}`);

describe("the proxy listens", () => {
  it.each<[string, IngressSpec, string[]]>([
    ["in the open on one port, and for operators on the loopback", OPEN, ["0.0.0.0:80->8000", "127.0.0.1:10080->8001"]],
    ["on the loopback on one port for all", LOOPBACK, ["127.0.0.1:8000->8000"]],
    ["with TLS on two", { ...LOOPBACK, tls: { ...GIVEN, port: 8443 } }, ["127.0.0.1:8000->8000", "127.0.0.1:8443->8443"]],
    [
      "with TLS in the open on two, and for operators on the loopback",
      { ...OPEN, tls: GIVEN },
      ["0.0.0.0:80->8000", "127.0.0.1:10080->8001", "0.0.0.0:443->8443"],
    ],
  ])("%s", (_, spec, expected) => {
    const ports = publishedPorts(proxy(spec)) as { ip: string; external: number; internal: number }[];
    expect(ports.map(({ ip, external, internal }) => `${ip}:${external}->${internal}`)).toEqual(expected);
  });
});

describe("routes are served", () => {
  it.each<[string, IngressSpec, string[]]>([
    ["by audience over plain HTTP", OPEN, ["app on web", "app-write on web", "grafana on team", "grafana-write on team"]],
    [
      "by audience over TLS, what is public redirected",
      { ...OPEN, tls: GIVEN },
      ["app on websecure tls", "app-write on websecure tls", "app-redirect on web", "grafana on team", "grafana-write on team"],
    ],
    [
      "all over TLS on the loopback",
      { ...LOOPBACK, tls: GIVEN },
      [
        "app on websecure tls",
        "app-write on websecure tls",
        "app-redirect on web",
        "grafana on websecure tls",
        "grafana-write on websecure tls",
        "grafana-redirect on web",
      ],
    ],
    [
      "behind a reverse proxy with a client certificate also for operators",
      { ...OPEN, tls: GIVEN, front: FRONT },
      [
        "app on websecure tls",
        "app-write on websecure tls",
        "app-redirect on web",
        "grafana on team",
        "grafana-write on team",
        "grafana-tls on websecure tls",
        "grafana-write-tls on websecure tls",
        "grafana-redirect on web",
      ],
    ],
  ])("%s", (_, spec, expected) => {
    expect(places(spec)).toEqual(expected);
  });

  it("to every replica, by the strategy and the health that the route asks for", () => {
    expect(configuration(OPEN).http.services).toEqual({
      app: {
        loadBalancer: {
          strategy: "p2c",
          serversTransport: "services",
          servers: [{ url: "http://apprun-1:8080" }, { url: "http://apprun-2:8080" }],
          healthCheck: { path: "/health", interval: "2s", timeout: "2s" },
        },
      },
      grafana: { loadBalancer: { strategy: "wrr", serversTransport: "services", servers: [{ url: "http://grafana:3000" }] } },
    });
    expect(configuration({ ...OPEN }).http.serversTransports).toEqual({
      services: { forwardingTimeouts: { dialTimeout: "2s", responseHeaderTimeout: "60s" } },
    });
  });

  it("through the limits of their class, with a bound on bodies for what may carry one", () => {
    const { app, "app-write": write, grafana } = configuration(OPEN).http.routers;
    expect(app).toEqual({
      rule: "Host(`example.com`) && PathPrefix(`/api`)",
      priority: 18,
      service: "app",
      entryPoints: ["web"],
      middlewares: ["security-headers", "rate-standard", "retry"],
    });
    expect(write?.middlewares).toEqual(["security-headers", "rate-standard", "body-limit", "retry"]);
    expect(grafana?.middlewares).toEqual(["security-headers", "rate-operator"]);
  });

  it("longest path first, whether a request carries a body or not", () => {
    const { routers } = configuration(LOOPBACK, [...ROUTES, { ...ROUTES[1]!, name: "root", path: "/" }]).http;
    const order = Object.entries(routers).sort(([, a], [, b]) => b.priority - a.priority);
    expect(order.map(([name]) => name).filter((name) => !name.startsWith("grafana"))).toEqual(["app-write", "app", "root-write", "root"]);
  });
});

describe("TLS", () => {
  it("is 1.2 or newer for every host, and asks for a client certificate behind a reverse proxy", () => {
    expect(configuration({ ...OPEN, tls: GIVEN }).tls).toMatchObject({
      options: { default: { minVersion: "VersionTLS12" } },
      certificates: [{ certFile: "/tls/chain.pem", keyFile: "/tls/key.pem" }],
    });
    expect(configuration({ ...OPEN, tls: GIVEN }).tls).not.toHaveProperty("options.default.clientAuth");
    expect(configuration({ ...OPEN, tls: GIVEN, front: FRONT }).tls).toMatchObject({
      options: { default: { clientAuth: { caFiles: ["/tls/client-ca.pem"], clientAuthType: "RequireAndVerifyClientCert" } } },
    });
    expect(configuration(OPEN).tls).toBeUndefined();
  });

  it("orders one wildcard by DNS, with the token in a file", () => {
    const spec = proxy({ ...OPEN, tls: ACME });
    expect(spec.args).toEqual(
      expect.arrayContaining([
        "--certificatesresolvers.acme.acme.caserver=https://ca.example.com/directory",
        "--certificatesresolvers.acme.acme.email=ops@example.com",
        "--certificatesresolvers.acme.acme.storage=/tls/acme.json",
        "--certificatesresolvers.acme.acme.dnschallenge.provider=cloudflare",
      ]),
    );
    expect(spec.env).toEqual({ CF_DNS_API_TOKEN_FILE: "/run/secrets/cloudflare-dns-token" });
    expect(spec.secretFiles?.map(({ path }) => path)).toEqual(["/run/secrets/cloudflare-dns-token"]);
    expect(configuration({ ...OPEN, tls: ACME }).http.routers["app"]?.tls).toEqual({
      certResolver: "acme",
      domains: [{ main: "example.com", sans: ["*.example.com"] }],
    });
  });

  it("orders one certificate a host by HTTP", () => {
    const tls: IngressTls = {
      port: 443,
      source: { kind: "acme", acme: { directory: "https://ca.example.com", email: "ops@example.com", challenge: { kind: "http" } } },
    };
    expect(proxy({ ...OPEN, tls }).args).toContain("--certificatesresolvers.acme.acme.httpchallenge.entrypoint=web");
    expect(proxy({ ...OPEN, tls }).secretFiles).toBeUndefined();
    expect(configuration({ ...OPEN, tls }).http.routers["app"]?.tls).toEqual({ certResolver: "acme" });
  });

  it("takes the private key from a secret file only, and hands it to the proxy's user", () => {
    const job = tlsFilesJob(
      { image, resources: RESOURCES },
      { ...OPEN, tls: GIVEN, front: FRONT },
      { name: "tls", id: "tls", spec: { size: "1Mi", retention: "cache" } },
    );
    expect(job.secretFiles?.map(({ path }) => path)).toEqual(["/run/secrets/tls-key.pem"]);
    expect(job.files?.map(({ path }) => path)).toEqual(["/etc/certificates/chain.pem", "/etc/certificates/client-ca.pem"]);
    expect(job.args?.[0]).toContain("cp /run/secrets/tls-key.pem /tls/key.pem.new && chmod 0400 /tls/key.pem.new && mv /tls/key.pem.new /tls/key.pem");
    expect(job.args?.[0]).toMatch(/ && chown -R 65532:65532 \/tls$/);
  });
});

describe("the routes' text", () => {
  const textOf = (output: Output<string>) =>
    new Promise<string>((resolve) => {
      output.apply(resolve);
    });
  it("changes with the certificate, so that the proxy reads its files again, and with nothing else", async () => {
    const comment = (chain: string, clientCa: string) =>
      textOf(
        certificateComment({
          ...OPEN,
          tls: { port: 443, source: { kind: "given", certificate: { chain, key: secret("key") } } },
          front: { ...FRONT, clientCa },
        }),
      );
    const [one, same, other, otherCa] = [await comment("a", "ca"), await comment("a", "ca"), await comment("b", "ca"), await comment("a", "cb")];
    expect(one).toMatch(/^# certificates [0-9a-f]{16}\n$/);
    expect(same).toBe(one);
    expect(new Set([one, other, otherCa]).size).toBe(3);
  });
});

describe("who may say where a request comes from", () => {
  const trust = (spec: IngressSpec) => proxy(spec).args?.filter((argument) => argument.includes("forwardedheaders"));
  it("is nobody without something in front", () => {
    expect(trust({ ...OPEN, tls: GIVEN })).toEqual([]);
  });
  it("is a tunnel's client inside of the stack", () => {
    expect(trust({ ...LOOPBACK, front: { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip" } })).toEqual([
      "--entrypoints.web.forwardedheaders.trustedips=127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
    ]);
  });
  it("is the holder of the client certificate, where that is asked for and nowhere else", () => {
    expect(trust({ ...OPEN, tls: GIVEN, front: FRONT })).toEqual(["--entrypoints.websecure.forwardedheaders.insecure=true"]);
  });
});

describe("URLs", () => {
  it.each<[IngressSpec, string, string]>([
    [LOOPBACK, "http://example.com:8000/", "http://example.com:8000/"],
    [OPEN, "http://example.com/", "http://example.com:10080/"],
    [{ ...OPEN, tls: GIVEN }, "https://example.com/", "http://example.com:10080/"],
    [{ ...LOOPBACK, tls: { ...GIVEN, port: 8443 } }, "https://example.com:8443/", "https://example.com:8443/"],
    [{ ...LOOPBACK, front: { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip" } }, "https://example.com/", "https://example.com/"],
  ])("%j", (spec, open, team) => {
    expect([ingressUrl(spec, "example.com", "public"), ingressUrl(spec, "example.com", "team")]).toEqual([open, team]);
  });
});

describe("entry points of an audience", () => {
  it("keep previews with the operators' pages where the proxy is open", () => {
    expect(entryPointsOf("preview", OPEN)).toEqual(["team"]);
    expect(entryPointsOf("preview", LOOPBACK)).toEqual(["web"]);
  });
});
