import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../../components/platform/docker/ports.ts";
import { entryPointsOf } from "../../../components/platform/docker/proxy.ts";
import { ingressUrl, type IngressSpec } from "../../../components/platform/ingress.ts";
import { OPEN, LOOPBACK, GIVEN, FRONT, proxy, configuration, ROUTES } from "../../support/record/ingress.ts";

const places = (spec: IngressSpec) =>
  Object.entries(configuration(spec).http.routers).map(
    ([name, { entryPoints, tls }]) => `${name} on ${entryPoints.join("+")}${tls ? " tls" : ""}`,
  );

describe("the proxy listens", () => {
  it.each<[string, IngressSpec, string[]]>([
    ["public on one port, and for operators on the loopback", OPEN, ["0.0.0.0:80->8000", "127.0.0.1:10080->8001"]],
    ["on the loopback on one port for all", LOOPBACK, ["127.0.0.1:8000->8000"]],
    [
      "with TLS on two",
      { ...LOOPBACK, tls: { ...GIVEN, port: 8443 } },
      ["127.0.0.1:8000->8000", "127.0.0.1:8443->8443"],
    ],
    [
      "with TLS public on two, and for operators on the loopback",
      { ...OPEN, tls: GIVEN },
      ["0.0.0.0:80->8000", "127.0.0.1:10080->8001", "0.0.0.0:443->8443"],
    ],
    [
      "with TLS public on two of each family of addresses, and for operators on both loopbacks",
      { ...OPEN, tls: GIVEN, ipv6: true },
      [
        "0.0.0.0:80->8000",
        ":::80->8000",
        "127.0.0.1:10080->8001",
        "::1:10080->8001",
        "0.0.0.0:443->8443",
        ":::443->8443",
      ],
    ],
  ])("%s", (_, spec, expected) => {
    const ports = publishedPorts(proxy(spec)) as { ip: string; external: number; internal: number }[];
    expect(ports.map(({ ip, external, internal }) => `${ip}:${external}->${internal}`)).toEqual(expected);
  });
});

describe("routes are served", () => {
  it.each<[string, IngressSpec, string[]]>([
    [
      "by audience over plain HTTP",
      OPEN,
      [
        "app on web",
        "app-sized on web",
        "app-write on web",
        "grafana on team",
        "grafana-sized on team",
        "grafana-write on team",
      ],
    ],
    [
      "by audience over TLS, what is public redirected",
      { ...OPEN, tls: GIVEN },
      [
        "app on websecure tls",
        "app-sized on websecure tls",
        "app-write on websecure tls",
        "app-redirect on web",
        "grafana on team",
        "grafana-sized on team",
        "grafana-write on team",
      ],
    ],
    [
      "all over TLS on the loopback",
      { ...LOOPBACK, tls: GIVEN },
      [
        "app on websecure tls",
        "app-sized on websecure tls",
        "app-write on websecure tls",
        "app-redirect on web",
        "grafana on websecure tls",
        "grafana-sized on websecure tls",
        "grafana-write on websecure tls",
        "grafana-redirect on web",
      ],
    ],
    [
      "behind a reverse proxy with a client certificate also for operators",
      { ...OPEN, tls: GIVEN, front: FRONT },
      [
        "app on websecure tls",
        "app-sized on websecure tls",
        "app-write on websecure tls",
        "app-redirect on web",
        "grafana on team",
        "grafana-sized on team",
        "grafana-write on team",
        "grafana-tls on websecure tls",
        "grafana-sized-tls on websecure tls",
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
      grafana: {
        loadBalancer: { strategy: "wrr", serversTransport: "services", servers: [{ url: "http://grafana:3000" }] },
      },
    });
    expect(configuration({ ...OPEN }).http.serversTransports).toEqual({
      services: { forwardingTimeouts: { dialTimeout: "2s", responseHeaderTimeout: "60s" } },
    });
  });

  it("through the limits of their class, with a bound on bodies for what may carry one", () => {
    const { app, "app-write": write, grafana } = configuration(OPEN).http.routers;
    expect(app).toEqual({
      rule: "Host(`example.com`) && PathPrefix(`/api`)",
      priority: 22,
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
    expect(order.map(([name]) => name).filter((name) => !name.startsWith("grafana"))).toEqual([
      "app-sized",
      "app-write",
      "app",
      "root-sized",
      "root-write",
      "root",
    ]);
  });
});

describe("URLs", () => {
  it.each<[IngressSpec, string, string]>([
    [LOOPBACK, "http://example.com:8000/", "http://example.com:8000/"],
    [OPEN, "http://example.com/", "http://example.com:10080/"],
    [{ ...OPEN, tls: GIVEN }, "https://example.com/", "http://example.com:10080/"],
    [{ ...LOOPBACK, tls: { ...GIVEN, port: 8443 } }, "https://example.com:8443/", "https://example.com:8443/"],
    [
      { ...LOOPBACK, front: { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip", client: "tunnel" } },
      "https://example.com/",
      "https://example.com/",
    ],
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
