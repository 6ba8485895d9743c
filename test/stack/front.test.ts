import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { secret } from "@pulumi/pulumi";
import type { Settings } from "../../components/stack/settings.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { messageOf } from "../support/record/settings.ts";
import { inputsOf, stackOf, wayInOf } from "../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const OWN: Settings["secrets"] = { tlsCertificate: secret("chain"), tlsPrivateKey: secret("key") };
const EXTERNAL = { domain: "example.com", tls: { mode: "external" } };
const PUBLIC = { bind: "public", port: 8080 };
const BALANCER = { addresses: ["10.0.0.5", "fd00::5"] };
const KUBERNETES = { ...EXTERNAL, platform: "kubernetes" };
const CLOUDFLARE = {
  enabled: true,
  accountId: "a".repeat(32),
  zones: [{ name: "example.com", id: "b".repeat(32) }],
  access: { team: { emails: ["ops@example.com"] } },
};

interface Kratos {
  serve: { public: { base_url: string; cors: { allowed_origins: string[] } } };
  selfservice: {
    default_browser_return_url: string;
    allowed_return_urls: string[];
    flows: { login: { ui_url: string }; logout: { after: { default_browser_return_url: string } } };
  };
}

const container = (recording: Awaited<ReturnType<typeof stackOf>>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const upload = (recording: Awaited<ReturnType<typeof stackOf>>, name: string, end: string) =>
  parse(container(recording, name).uploads?.find(({ file }) => file.endsWith(end))?.content ?? "") as unknown;

describe("browsers see the same place everywhere, whoever ends TLS", () => {
  it.each<[string, Record<string, unknown>, Settings["secrets"], string]>([
    ["nobody, on the loopback", { domain: "example.com", tls: { mode: "off" } }, {}, "http://H:8000/"],
    ["the stack", { domain: "example.com", proxy: { tlsPort: 443 }, tls: { mode: "own" } }, OWN, "https://H/"],
    ["the stack, on a port of its own", { domain: "example.com", tls: { mode: "own" } }, OWN, "https://H:8443/"],
    ["a proxy on the same host", { ...EXTERNAL, front: {} }, {}, "https://H/"],
    ["a proxy on another port", { ...EXTERNAL, front: { port: 8443 } }, {}, "https://H:8443/"],
    ["a balancer elsewhere", { ...EXTERNAL, proxy: PUBLIC, front: BALANCER }, {}, "https://H/"],
    [
      "the stack, behind a balancer that passes TLS on",
      {
        domain: "example.com",
        tls: { mode: "own" },
        proxy: PUBLIC,
        front: { ...BALANCER, clientAddress: "proxy-protocol" },
      },
      OWN,
      "https://H/",
    ],
    ["nobody, behind a balancer", { domain: "example.com", tls: { mode: "off" }, front: {} }, {}, "http://H/"],
    [
      "Cloudflare",
      { domain: "example.com", cloudflare: CLOUDFLARE },
      { cloudflareApiToken: secret("t") },
      "https://H/",
    ],
  ])("%s", async (_, values, secrets, expected) => {
    const { result, ...recording } = await wayInOf(values, secrets);
    const at = (host: string) => expected.replace("H", host);
    const app = at("example.com");
    expect(result.urls).toMatchObject({ app, api: at("api.example.com"), auth: at("auth.example.com") });
    const kratos = upload({ result, ...recording }, "kratos", "kratos.yml") as Kratos;
    expect(kratos.serve.public.base_url).toBe(at("auth.example.com"));
    expect(kratos.serve.public.cors.allowed_origins).toEqual([app.slice(0, -1)]);
    expect(kratos.selfservice).toMatchObject({
      default_browser_return_url: app,
      allowed_return_urls: [app],
      flows: { login: { ui_url: `${app}auth/login` }, logout: { after: { default_browser_return_url: app } } },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["whatever is in front of the cluster", { ...KUBERNETES, front: {} }, "https://H/"],
    ["the same on another port", { ...KUBERNETES, front: { port: 8443 } }, "https://H:8443/"],
    ["nobody", { ...KUBERNETES, tls: { mode: "off" } }, "http://H/"],
  ])("on Kubernetes: %s", async (_, values, expected) => {
    const { result, resources } = await wayInOf(values);
    const at = (host: string) => expected.replace("H", host);
    expect(result.urls).toMatchObject({ app: at("example.com"), auth: at("auth.example.com") });
    const files = JSON.stringify(resources.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap"));
    expect(files).toContain(`base_url: ${at("auth.example.com")}`);
    expect(files).toContain(`- ${at("example.com").slice(0, -1)}\\n`);
  });
});

describe("behind a proxy that ends TLS", () => {
  it("operators' pages are not where the proxy in front looks", async () => {
    const recording = await stackOf({ ...EXTERNAL, front: {} });
    expect(recording.result.urls).toMatchObject({ grafana: "http://grafana.example.com:18000/" });
    expect(container(recording, "proxy").ports).toMatchObject([
      { internal: 8000, external: 8000, ip: "127.0.0.1" },
      { internal: 8001, external: 18_000, ip: "127.0.0.1" },
    ]);
    const { http } = upload(recording, "proxy-routes", "routes.yml") as {
      http: { routers: Record<string, { entryPoints: string[] }> };
    };
    const places = Object.entries(http.routers).map(([name, { entryPoints }]) => [name, entryPoints] as const);
    expect(Object.fromEntries(places)).toMatchObject({
      app: ["web"],
      auth: ["web"],
      grafana: ["team"],
      temporal: ["team"],
    });
  });

  it("the proxy takes the client from it alone, and lets nobody in beside it", async () => {
    const recording = await wayInOf({ ...EXTERNAL, proxy: PUBLIC, front: { ...BALANCER, hops: 2 } });
    expect(container(recording, "proxy").command?.filter((argument) => argument.includes("trustedips"))).toEqual([
      "--entrypoints.web.forwardedheaders.trustedips=10.0.0.5,fd00::5",
    ]);
    const { http } = upload(recording, "proxy-routes", "routes.yml") as {
      http: { routers: Record<string, { middlewares: string[] }>; middlewares: object };
    };
    expect(http.middlewares).toMatchObject({
      "only-front": { ipAllowList: { sourceRange: ["10.0.0.5", "fd00::5"] } },
      "rate-login": { rateLimit: { average: 10, burst: 30, sourceCriterion: { ipStrategy: { depth: 2 } } } },
      "security-headers": {
        headers: {
          stsSeconds: 31_536_000,
          forceSTSHeader: true,
          customRequestHeaders: {
            "True-Client-Ip": "",
            "Cf-Connecting-Ip": "",
            "X-Real-Ip": "",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Port": "443",
          },
        },
      },
    });
    expect(http.routers["auth"]?.middlewares).toEqual(["only-front", "security-headers", "rate-login"]);
    expect(http.routers["grafana"]?.middlewares).toEqual(["security-headers", "rate-operator"]);
  });

  it("a name that redirects sends browsers to what they see", async () => {
    const app = { redirects: ["www.example.com"] };
    const recording = await wayInOf({ ...EXTERNAL, front: { port: 8443 }, app });
    expect(JSON.stringify(upload(recording, "proxy-routes", "routes.yml"))).toContain(
      '"replacement":"https://example.com:8443/${3}"',
    );
  });

  it("on Kubernetes Traefik's resources say the same, without a redirect and without a certificate", async () => {
    const { resources } = await wayInOf({ ...KUBERNETES, front: { hops: 2 } });
    const named = (name: string) => resources.find((resource) => resource.name === name)?.inputs["spec"];
    expect(named("middleware-security-headers")).toMatchObject({
      headers: {
        forceSTSHeader: true,
        customRequestHeaders: { "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443" },
      },
    });
    expect(named("middleware-rate-login")).toMatchObject({
      rateLimit: { sourceCriterion: { ipStrategy: { depth: 2 } } },
    });
    expect(named("ingressroute-app")).toMatchObject({ entryPoints: ["web"] });
    expect(resources.map(({ name }) => name)).not.toContain("middleware-redirect-to-https");
    expect(resources.map(({ name }) => name)).not.toContain("middleware-only-front");
  });
});

it("a balancer that names the client by the PROXY protocol is believed on both entry points and counted by address", async () => {
  const front = { ...BALANCER, clientAddress: "proxy-protocol" };
  const recording = await wayInOf({ domain: "example.com", tls: { mode: "own" }, proxy: PUBLIC, front }, OWN);
  expect(container(recording, "proxy").command?.filter((argument) => argument.includes("trustedips"))).toEqual([
    "--entrypoints.web.proxyprotocol.trustedips=10.0.0.5,fd00::5",
    "--entrypoints.websecure.proxyprotocol.trustedips=10.0.0.5,fd00::5",
  ]);
  const routes = JSON.stringify(upload(recording, "proxy-routes", "routes.yml"));
  expect(routes).not.toContain("sourceCriterion");
  expect(routes).not.toContain("X-Real-Ip");
  expect(routes).not.toContain("only-front");
});

it("nothing of the operator's own is behind Cloudflare", () => {
  const token = { cloudflareApiToken: secret("t") };
  expect(messageOf({ domain: "example.com", cloudflare: CLOUDFLARE, front: {} }, "dev", token)).toEqual([
    "  apprun:front: got a map; allowed: nothing with cloudflare.enabled: Cloudflare is what stands in front; remove one of them",
  ]);
  expect(messageOf({ domain: "example.com", cloudflare: CLOUDFLARE, tls: { mode: "external" } }, "dev", token)).toEqual(
    [
      '  apprun:tls.mode: got "external"; allowed: "off" with cloudflare.origin tunnel: TLS ends at Cloudflare, and a second redirect would never end; remove it',
    ],
  );
});

it("pages that browsers see over HTTPS have secure cookies, and those over HTTP have cookies that browsers send", async () => {
  const settings = { domain: "example.com", cloudflare: CLOUDFLARE };
  const secure = await stackOf(settings, "dev", { cloudflareApiToken: secret("t") });
  const plain = await stackOf({ domain: "example.com" });
  const cookies = (recording: typeof plain) =>
    ["grafana", "temporal-ui"].flatMap((name) =>
      (container(recording, name).envs ?? []).filter((variable) => variable.includes("COOKIE")),
    );
  expect(cookies(secure)).toEqual(["GF_SECURITY_COOKIE_SECURE=true"]);
  expect(cookies(plain)).toEqual(["TEMPORAL_CSRF_COOKIE_INSECURE=true"]);
});
