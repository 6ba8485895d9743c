import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { atMost } from "../../../components/platform/traefik/at-most.ts";
import type { Route } from "../../../components/model/page.ts";
import type { IngressSpec } from "../../../components/platform/ingress.ts";
import type { KubernetesContext } from "../../../components/platform/kubernetes/context.ts";
import { checkStrips, ingressObject } from "../../../components/platform/kubernetes/ingress.ts";
import { certificate } from "../../../components/platform/kubernetes/ingress-tls.ts";
import { routeResources, sharedResources } from "../../../components/platform/kubernetes/traefik-resources.ts";
import { middlewares } from "../../../components/platform/traefik/middlewares.ts";
import { CLUSTER, endpoint } from "../../support/record/specs.ts";

const CONTEXT: KubernetesContext = {
  identity: { project: "apprun", stack: "prod" },
  namespace: "apprun-prod",
  cluster: { ...CLUSTER, ingress: { ...CLUSTER.ingress, clusterIssuer: "letsencrypt" } },
};
const ROUTE: Route = {
  name: "app",
  host: "example.com",
  to: endpoint("apprun", 8080, { replicaHosts: [], replicaDns: "apprun-pods" }),
  audience: "public",
  rate: "standard",
};
const PLAIN: IngressSpec = { bind: "loopback", port: 8000, teamPort: 8000 };
const SECURE: IngressSpec = {
  ...PLAIN,
  tls: { port: 443, source: { kind: "given", certificate: { chain: "chain", key: secret("key") } } },
  hsts: "365d",
};

const named = (spec: IngressSpec) =>
  sharedResources(CONTEXT, spec).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe("a route on Kubernetes with Traefik", () => {
  it("takes its path away by a middleware of its own", () => {
    const data: Route = { ...ROUTE, name: "data", path: "/data", stripsPath: true };
    const found = sharedResources(CONTEXT, PLAIN, [data]).find(({ metadata }) => metadata.name === "strip-data");
    expect(found).toMatchObject({ kind: "Middleware", spec: { stripPrefix: { prefixes: ["/data"] } } });
    const [route] = routeResources(CONTEXT, data, PLAIN, undefined);
    const rules = (route?.spec as { readonly routes: readonly { readonly middlewares: readonly object[] }[] }).routes;
    expect(
      rules.every(({ middlewares: names }) => names.some((each) => "name" in each && each.name === "strip-data")),
    ).toBe(true);
  });

  it("has the same rules, limits and order of them as on a Docker host", () => {
    const service = { name: "apprun", port: "http", serversTransport: "services" };
    expect(
      routeResources(CONTEXT, ROUTE, PLAIN, undefined).map(({ kind, metadata, spec }) => ({
        kind,
        name: metadata.name,
        spec,
      })),
    ).toEqual([
      {
        kind: "IngressRoute",
        name: "app",
        spec: {
          entryPoints: ["web"],
          routes: [
            {
              kind: "Rule",
              match: "Host(`example.com`)",
              priority: 13,
              middlewares: [{ name: "security-headers" }, { name: "rate-standard" }, { name: "retry" }],
              services: [service],
            },
            {
              kind: "Rule",
              match: `Host(\`example.com\`) && HeaderRegexp(\`Content-Length\`, \`^(${atMost(16 * 1024 * 1024)})$\`)`,
              priority: 15,
              middlewares: [{ name: "security-headers" }, { name: "rate-standard" }, { name: "retry" }],
              services: [service],
            },
            {
              kind: "Rule",
              match:
                "Host(`example.com`) && ((!Method(`GET`) && !Method(`HEAD`) && !Method(`OPTIONS`)) || HeaderRegexp(`Content-Length`, `[1-9]`))",
              priority: 14,
              middlewares: [
                { name: "security-headers" },
                { name: "rate-standard" },
                { name: "body-limit" },
                { name: "retry" },
              ],
              services: [service],
            },
          ],
        },
      },
    ]);
  });

  it("is served over TLS 1.2 or newer with the Secret's certificate, and redirected to it once", () => {
    const [served, redirect] = routeResources(CONTEXT, ROUTE, SECURE, "ingress-tls-1");
    expect(served?.spec).toMatchObject({
      entryPoints: ["websecure"],
      tls: { secretName: "ingress-tls-1", options: { name: "tls", namespace: "apprun-prod" } },
    });
    expect(redirect?.spec).toEqual({
      entryPoints: ["web"],
      routes: [
        {
          kind: "Rule",
          match: "Host(`example.com`)",
          priority: 13,
          middlewares: [{ name: "redirect-to-https" }],
          services: [{ kind: "TraefikService", name: "noop@internal" }],
        },
      ],
    });
    expect(sharedResources(CONTEXT, SECURE).find(({ kind }) => kind === "TLSOption")?.spec).toMatchObject({
      minVersion: "VersionTLS12",
    });
  });

  it("shares the way in's middlewares, every one of the Docker host's", () => {
    const middlewareNames = Object.keys(middlewares(SECURE)).map((name) => `Middleware ${name}`);
    expect(named(SECURE)).toEqual([...middlewareNames, "ServersTransport services", "TLSOption tls"]);
    expect(named(PLAIN)).not.toContain("Middleware redirect-to-https");
  });
});

describe("a route on Kubernetes with another controller", () => {
  it("is refused where its path is to be taken away", () => {
    expect(() => {
      checkStrips({ ...ROUTE, name: "data", path: "/data", stripsPath: true });
    }).toThrow(
      'route "data": got path "/data", without which its service is to see requests; allowed: paths as they are with kubernetes.ingress.controller other: an Ingress changes none; use a cluster with Traefik, or serve it without a route',
    );
    expect(() => {
      checkStrips({ ...ROUTE, path: "/data" });
    }).not.toThrow();
  });

  it("is an Ingress with its certificate", () => {
    expect(ingressObject(CONTEXT, ROUTE, "ingress-tls-1")).toMatchObject({
      spec: {
        ingressClassName: "traefik",
        tls: [{ hosts: ["example.com"], secretName: "ingress-tls-1" }],
        rules: [
          {
            host: "example.com",
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: "apprun", port: { name: "http" } } } },
              ],
            },
          },
        ],
      },
    });
    expect(ingressObject(CONTEXT, ROUTE).spec).not.toHaveProperty("tls");
  });

  it("has the settings' annotations and no way to hidden paths: the longer path leads to a Service without pods", () => {
    const annotations = { "nginx.ingress.kubernetes.io/proxy-body-size": "32m" };
    const context = {
      ...CONTEXT,
      cluster: { ...CONTEXT.cluster, ingress: { ...CONTEXT.cluster.ingress, annotations } },
    };
    const { metadata, spec } = ingressObject(context, { ...ROUTE, hidden: ["/metrics", "/admin"] });
    expect(metadata).toMatchObject({ annotations });
    expect(spec).toMatchObject({
      rules: [
        {
          http: {
            paths: [
              { path: "/metrics", backend: { service: { name: "nowhere", port: { name: "nowhere" } } } },
              { path: "/admin", backend: { service: { name: "nowhere", port: { name: "nowhere" } } } },
              { path: "/", backend: { service: { name: "apprun" } } },
            ],
          },
        },
      ],
    });
  });
});

describe("cert-manager", () => {
  it("is asked for one certificate of all hosts", () => {
    const routes = [
      ROUTE,
      { ...ROUTE, name: "websocket", path: "/ws" },
      { ...ROUTE, name: "api", host: "api.example.com" },
    ];
    expect(certificate(CONTEXT, routes)).toMatchObject({
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      spec: {
        secretName: "ingress-tls",
        dnsNames: ["api.example.com", "example.com"],
        issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
      },
    });
  });

  it("needs an issuer", () => {
    const { clusterIssuer: _, ...ingress } = CONTEXT.cluster.ingress;
    expect(() => certificate({ ...CONTEXT, cluster: { ...CONTEXT.cluster, ingress } }, [ROUTE])).toThrow(
      "certificates by ACME on Kubernetes: got no issuer; allowed: the name of one of cert-manager's ClusterIssuers; set kubernetes.ingress.clusterIssuer",
    );
  });
});
