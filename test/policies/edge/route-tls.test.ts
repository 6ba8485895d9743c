import { stringify } from "yaml";
import { routeTls } from "../../../policies/edge/route-tls.ts";
import { container, describePolicy, job, resource } from "../describe-policy.ts";

const END = "; allowed: routes with TLS; set tls.mode; external is for TLS that ends in front of this stack";
const proxy = (ip: string, ...flags: string[]) =>
  container(
    {
      ports: [{ internal: 8000, external: 80, ip }],
      command: ["--entrypoints.web.address=:8000", "--entrypoints.team.address=:8001", ...flags],
    },
    "proxy",
  );
const routes = (router: object, file = "/etc/traefik/routes/routes.yml") =>
  job(
    {
      uploads: [
        {
          file,
          content: stringify({
            http: { routers: { app: { rule: "Host(`example.com`)", entryPoints: ["web"], ...router } } },
          }),
        },
      ],
    },
    "routes",
  );
const REDIRECT = {
  http: { redirectScheme: { scheme: "https", permanent: true } },
  plain: { redirectScheme: { scheme: "http" } },
};
const IN_FRONT = { headers: { customRequestHeaders: { "X-Forwarded-Proto": "https" } } };
const redirecting = (middlewares: readonly string[]) =>
  job(
    {
      uploads: [
        {
          file: "/etc/traefik/routes/routes.yml",
          content: stringify({
            http: {
              routers: { "app-redirect": { entryPoints: ["web"], service: "noop@internal", middlewares } },
              middlewares: { redirect: REDIRECT.http, other: REDIRECT.plain, front: IN_FRONT },
            },
          }),
        },
      ],
    },
    "routes",
  );
const middleware = (name: string, spec: object) =>
  resource("kubernetes:traefik.io/v1alpha1:Middleware", `middleware-${name}`, { metadata: { name }, spec });
const routesTo = (...chains: readonly (readonly string[])[]) =>
  resource("kubernetes:traefik.io/v1alpha1:IngressRoute", "app-redirect", {
    spec: { entryPoints: ["web"], routes: chains.map((chain) => ({ middlewares: chain.map((name) => ({ name })) })) },
  });
const ingress = (kind: string, spec: object) => resource(`kubernetes:${kind}`, "app", { spec });
const PLAIN = `route "app": got plain HTTP on a public port${END}`;

describePolicy(routeTls, {
  passes: {
    "a route with TLS": [proxy("0.0.0.0"), routes({ tls: {} })],
    "a route on the loopback": [proxy("127.0.0.1"), routes({})],
    "a route of another entry point": [proxy("0.0.0.0"), routes({ entryPoints: ["team"] })],
    "an entry point with TLS for all": [proxy("0.0.0.0", "--entrypoints.web.http.tls=true"), routes({})],
    "an entry point that redirects": [
      proxy("0.0.0.0", "--entryPoints.web.http.redirections.entryPoint.to=websecure"),
      routes({}),
    ],
    "a route that sends on to HTTPS": [proxy("0.0.0.0"), redirecting(["other", "redirect"])],
    "a route for which TLS ends in front": [proxy("0.0.0.0"), redirecting(["front"])],
    "a route of Traefik for which TLS ends in front": [middleware("front", IN_FRONT), routesTo(["front"], ["front"])],
    "a route of Traefik that sends on to HTTPS": [
      middleware("redirect", REDIRECT.http),
      routesTo(["redirect"], ["other", "redirect"]),
    ],
    "an Ingress": ingress("networking.k8s.io/v1:Ingress", { tls: [{ hosts: ["example.com"] }] }),
    "a route of Traefik": ingress("traefik.io/v1alpha1:IngressRoute", { tls: {} }),
    "a file of something else": [proxy("0.0.0.0"), routes({}, "/etc/other/routes.yml")],
    "a file that is no YAML": [proxy("0.0.0.0"), job({ uploads: [{ file: "/etc/traefik/x.yml", content: "{" }] })],
    "routes without a proxy": routes({}),
  },
  fails: {
    "a public route without": [[proxy("0.0.0.0"), routes({})], PLAIN],
    "TLS of another entry point": [[proxy("0.0.0.0", "--entrypoints.team.http.tls=true"), routes({})], PLAIN],
    "a route that sends on to HTTP": [
      [proxy("0.0.0.0"), redirecting(["other"])],
      `route "app-redirect": got plain HTTP on a public port${END}`,
    ],
    "a route that sends on by nothing that is there": [
      [proxy("0.0.0.0"), redirecting(["absent"])],
      `route "app-redirect": got plain HTTP on a public port${END}`,
    ],
    "a route of Traefik one of whose rules sends nobody on": [
      [middleware("redirect", REDIRECT.http), middleware("other", REDIRECT.plain), routesTo(["redirect"], ["other"])],
      `IngressRoute "app-redirect": got no TLS${END}`,
    ],
    "a route of Traefik that says that browsers came over HTTP": [
      [
        middleware("front", { headers: { customRequestHeaders: { "X-Forwarded-Proto": "http" } } }),
        routesTo(["front"]),
      ],
      `IngressRoute "app-redirect": got no TLS${END}`,
    ],
    "a route of Traefik without rules": [
      [middleware("redirect", REDIRECT.http), routesTo()],
      `IngressRoute "app-redirect": got no TLS${END}`,
    ],
    "a route of a public entry point and another": [
      [proxy("0.0.0.0"), routes({ entryPoints: ["team", "web"] })],
      PLAIN,
    ],
    "a route of Traefik that sends on by what is no middleware": [
      [
        resource("kubernetes:core/v1:ConfigMap", "x", { metadata: { name: "redirect" }, spec: REDIRECT.http }),
        routesTo(["redirect"]),
      ],
      `IngressRoute "app-redirect": got no TLS${END}`,
    ],
    "an entry point in capitals": [[proxy("0.0.0.0"), routes({ entryPoints: ["Web"] })], PLAIN],
    "an Ingress": [ingress("networking.k8s.io/v1:Ingress", { rules: [] }), `Ingress "app": got no TLS${END}`],
    "an Ingress with an empty list": [
      ingress("networking.k8s.io/v1:Ingress", { tls: [] }),
      `Ingress "app": got no TLS${END}`,
    ],
    "a route of Traefik": [ingress("traefik.io/v1alpha1:IngressRoute", {}), `IngressRoute "app": got no TLS${END}`],
  },
});
