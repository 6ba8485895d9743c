import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { filesOf } from "../support/record/monitoring.ts";
import { messageOf } from "../support/record/settings.ts";
import { settingsOf, stackOf } from "../support/record/stacks.ts";
import { certifiedHosts } from "../../components/stack/pages.ts";

const LIGHT = { temporal: { enabled: false }, prometheus: { enabled: false } };
/** The names of case C15: www with a redirect, and another domain as well. */
const C15 = { ...LIGHT, domain: "example.com", app: { hosts: ["shop.example.org"], redirects: ["www.example.com"] } };

interface Routes {
  readonly http: {
    readonly routers: Readonly<Record<string, { rule: string; service: string; middlewares: string[] }>>;
    readonly middlewares: Readonly<Record<string, object>>;
  };
}

describe("www with a redirect, and another domain (C15)", () => {
  it("are routes of the proxy on a Docker host", async () => {
    const recording = await stackOf(C15);
    const { routers, middlewares } = (
      parse(filesOf(recording, "proxy-routes").get("/etc/traefik/routes/routes.yml") ?? "") as Routes
    ).http;
    expect(routers["app-at-shop-example-org"]).toMatchObject({
      rule: "Host(`shop.example.org`) && !PathRegexp(`(?i)^/metrics(/|$)`)",
      middlewares: routers["app"]?.middlewares,
    });
    expect(routers["app-at-www-example-com"]).toMatchObject({
      rule: "Host(`www.example.com`)",
      middlewares: ["security-headers", "rate-standard", "redirect-to-example.com"],
    });
    expect(middlewares["redirect-to-example.com"]).toEqual({
      redirectRegex: {
        regex: "^(https?)://[^/:]+(:[0-9]+)?/(.*)",
        replacement: "${1}://example.com${2}/${3}",
        permanent: true,
      },
    });
    expect(recording.result.urls).toMatchObject({ "app-at-shop-example-org": "http://shop.example.org:8000/" });
  });

  it("are Traefik's resources on Kubernetes", async () => {
    const { resources } = await stackOf({ platform: "kubernetes", ...C15 });
    const names = resources.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "middleware-redirect-to-example.com",
        "ingressroute-app-at-www-example-com",
        "ingressroute-app-at-shop-example-org",
      ]),
    );
  });

  it("are in the stack's certificate", () => {
    expect(certifiedHosts(settingsOf(C15))).toEqual(expect.arrayContaining(["shop.example.org", "www.example.com"]));
  });
});

describe("host names", () => {
  const acme = { mode: "acme", acme: { email: "a@example.com", challenge: "cloudflare-dns" } };

  it.each<[Record<string, unknown>, string]>([
    [
      { domain: "example.com", app: { redirects: ["auth.example.com"] } },
      'app.redirects: got "auth.example.com"; allowed: host names that no other page has; remove it',
    ],
    [
      { domain: "example.com", app: { hosts: ["a.example.org", "a.example.org"] } },
      'app.hosts: got "a.example.org"; allowed: host names that no other page has; remove it',
    ],
    [
      {
        platform: "kubernetes",
        kubernetes: { ingress: { controller: "other" } },
        app: { redirects: ["www.example.com"] },
      },
      "app.redirects: got a list; allowed: nothing with kubernetes.ingress.controller other; let that controller redirect",
    ],
    [
      { domain: "example.com", tls: acme, app: { hosts: ["shop.example.org"] } },
      'tls.acme.challenge: got "cloudflare-dns" with the host shop.example.org; allowed: "http", where a host is not one label below example.com: that certificate is for example.com and *.example.com; change it',
    ],
    [
      {
        services: {
          web: {
            image: { repository: "a/web", tag: "1", uid: 1, gid: 1, probeTool: "wget" },
            port: 3000,
            route: { host: "a.example.org", subdomain: "a" },
          },
        },
      },
      'services.web.route.host: got "a.example.org"; allowed: nothing with subdomain; remove one of the two',
    ],
    [
      { app: { hosts: ["Shop"] } },
      'app.hosts.0: got "Shop"; allowed: a host name in lower case such as "example.com"; change it',
    ],
  ])("%j are refused", (values, message) => {
    expect(messageOf(values)).toContain(`  apprun:${message}`);
  });
});
