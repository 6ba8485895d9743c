import { describe, expect, it } from "vitest";
import type { Route } from "../../../components/model/page.ts";
import { DEFAULT_LIMITS } from "../../../components/model/limits.ts";
import { chain, middlewares } from "../../../components/platform/traefik/middlewares.ts";
import { entryPointArguments } from "../../../components/platform/traefik/static-arguments.ts";
import { secret } from "@pulumi/pulumi";
import { endpoint } from "../../support/record/specs.ts";
import type { IngressSpec } from "../../../components/platform/ingress.ts";

const PLAIN: IngressSpec = { bind: "loopback", port: 8000, teamPort: 8000 };
const SECURE: IngressSpec = {
  ...PLAIN,
  tls: { port: 8443, source: { kind: "given", certificate: { chain: "", key: secret("") } } },
  hsts: "365d",
};

describe("the middlewares of the way in", () => {
  it("are these without TLS", () => {
    expect(middlewares(PLAIN)).toEqual({
      "security-headers": {
        headers: {
          contentTypeNosniff: true,
          customFrameOptionsValue: "SAMEORIGIN",
          referrerPolicy: "strict-origin-when-cross-origin",
          permissionsPolicy: "camera=(), geolocation=(), microphone=()",
          customResponseHeaders: { Server: "", "X-Powered-By": "" },
          customRequestHeaders: { "True-Client-Ip": "", "Cf-Connecting-Ip": "" },
        },
      },
      "body-limit": { buffering: { maxRequestBodyBytes: 16_777_216, memRequestBodyBytes: 1_048_576 } },
      retry: { retry: { attempts: 3, initialInterval: "100ms" } },
      "rate-standard": { rateLimit: { average: 100, burst: 200 } },
      "rate-login": { rateLimit: { average: 10, burst: 30 } },
      "rate-operator": { rateLimit: { average: 50, burst: 200 } },
    });
  });

  it("keep browsers on HTTPS with TLS, and redirect to its port", () => {
    expect(middlewares(SECURE)).toMatchObject({
      "security-headers": { headers: { stsSeconds: 31_536_000 } },
      "redirect-to-https": { redirectScheme: { scheme: "https", permanent: true, port: "8443" } },
    });
    const usual = middlewares({ ...SECURE, tls: { ...SECURE.tls!, port: 443 }, hsts: undefined });
    expect(usual["redirect-to-https"]).toEqual({ redirectScheme: { scheme: "https", permanent: true } });
    expect(JSON.stringify(usual)).not.toContain("stsSeconds");
  });

  it("take the path away of the routes that say so, after everything that counts or refuses", () => {
    const route: Route = {
      name: "data",
      host: "example.com",
      path: "/data",
      to: endpoint("postgrest", 3000),
      audience: "public",
      rate: "standard",
    };
    const strips = { ...route, stripsPath: true };
    expect(middlewares(PLAIN, [strips])["strip-data"]).toEqual({ stripPrefix: { prefixes: ["/data"] } });
    expect(chain(strips, "write", PLAIN)).toEqual(["security-headers", "rate-standard", "body-limit", "strip-data"]);
    expect(middlewares(PLAIN, [route])).toEqual(middlewares(PLAIN));
    expect(chain(route, "read", PLAIN)).toEqual(["security-headers", "rate-standard"]);
  });

  it("count by the client's address that whatever stands in front names", () => {
    const front = { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip", client: "tunnel" } as const;
    expect(middlewares({ ...PLAIN, front })["rate-login"]).toEqual({
      rateLimit: { average: 10, burst: 30, sourceCriterion: { requestHeaderName: "Cf-Connecting-Ip" } },
    });
    expect(middlewares({ ...PLAIN, front })["security-headers"]).toMatchObject({
      headers: { customRequestHeaders: { "True-Client-Ip": "" } },
    });
    expect(JSON.stringify(middlewares({ ...PLAIN, front })["security-headers"])).not.toContain("Cf-Connecting-Ip");
  });
});

describe("clients of IPv6", () => {
  const AT = { kind: "balancer", endsTls: true, hops: 2 } as const;
  const criterion = (spec: IngressSpec) =>
    (middlewares(spec)["rate-login"] as { rateLimit: { sourceCriterion?: object } }).rateLimit.sourceCriterion;

  it.each<[string, Partial<IngressSpec>, object | undefined, object | undefined]>([
    ["who connect by themselves", {}, undefined, { ipStrategy: { ipv6Subnet: 64 } }],
    [
      "whom a balancer names",
      { front: { ...AT, clientAddress: "forwarded-for" } },
      { ipStrategy: { depth: 2 } },
      { ipStrategy: { depth: 2, ipv6Subnet: 64 } },
    ],
    [
      "whom a balancer shows",
      { front: { ...AT, clientAddress: "proxy-protocol" } },
      undefined,
      { ipStrategy: { ipv6Subnet: 64 } },
    ],
    [
      "behind a tunnel",
      { front: { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip", client: "tunnel" } },
      { requestHeaderName: "Cf-Connecting-Ip" },
      { requestHeaderName: "Cf-Connecting-Ip" },
    ],
  ])("%s are counted by their network of 64 bits where they arrive", (_, changes, without, withIpv6) => {
    expect(criterion({ ...PLAIN, ...changes })).toEqual(without);
    expect(criterion({ ...PLAIN, ...changes, ipv6: true })).toEqual(withIpv6);
  });

  it("are named by what is near in either family", () => {
    const front = { ...AT, clientAddress: "forwarded-for" } as const;
    const trusted = (ipv6: boolean) =>
      entryPointArguments("web", 8000, { ...PLAIN, front, ipv6 }).find((line) => line.includes("trustedips"));
    const IPV4 = "--entrypoints.web.forwardedheaders.trustedips=127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16";
    expect(trusted(false)).toBe(IPV4);
    expect(trusted(true)).toBe(`${IPV4},::1/128,fc00::/7`);
  });
});

it("where all clients share one address, a rate is for twenty of them", () => {
  const limits = { ...DEFAULT_LIMITS, clients: "together" } as const;
  expect(middlewares({ ...PLAIN, limits })["rate-login"]).toEqual({ rateLimit: { average: 200, burst: 600 } });
  expect(middlewares({ ...PLAIN, limits: { ...limits, clients: "apart" } })).toEqual(middlewares(PLAIN));
});

it("an entry point bounds headers and time", () => {
  expect(entryPointArguments("web", 8000, { ...PLAIN, limits: { ...DEFAULT_LIMITS, readTimeout: "5s" } })).toEqual([
    "--entrypoints.web.address=:8000",
    "--entrypoints.web.transport.respondingtimeouts.readtimeout=5s",
    "--entrypoints.web.transport.respondingtimeouts.idletimeout=180s",
    "--entrypoints.web.transport.lifecycle.gracetimeout=10s",
    "--entrypoints.web.http.maxheaderbytes=65536",
  ]);
});
