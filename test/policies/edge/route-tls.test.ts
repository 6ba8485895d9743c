import { stringify } from "yaml";
import { routeTls } from "../../../policies/edge/route-tls.js";
import { container, describePolicy, job, resource } from "../../support/policies.js";

const END = "; allowed: routes with TLS; switch TLS on, or bind the proxy to the loopback behind something that has it";
const proxy = (ip: string, ...flags: string[]) =>
  container(
    { ports: [{ internal: 8000, external: 80, ip }], command: ["--entrypoints.web.address=:8000", "--entrypoints.team.address=:8001", ...flags] },
    "proxy",
  );
const routes = (router: object, file = "/etc/traefik/routes/routes.yml") =>
  job({ uploads: [{ file, content: stringify({ http: { routers: { app: { rule: "Host(`example.com`)", entryPoints: ["web"], ...router } } } }) }] }, "routes");
const ingress = (kind: string, spec: object) => resource(`kubernetes:${kind}`, "app", { spec });
const PLAIN = `route "app": got plain HTTP on a public port${END}`;

describePolicy(routeTls, {
  passes: {
    "a route with TLS": [proxy("0.0.0.0"), routes({ tls: {} })],
    "a route on the loopback": [proxy("127.0.0.1"), routes({})],
    "a route of another entry point": [proxy("0.0.0.0"), routes({ entryPoints: ["team"] })],
    "an entry point with TLS for all": [proxy("0.0.0.0", "--entrypoints.web.http.tls=true"), routes({})],
    "an entry point that redirects": [proxy("0.0.0.0", "--entryPoints.web.http.redirections.entryPoint.to=websecure"), routes({})],
    "an Ingress": ingress("networking.k8s.io/v1:Ingress", { tls: [{ hosts: ["example.com"] }] }),
    "a route of Traefik": ingress("traefik.io/v1alpha1:IngressRoute", { tls: {} }),
    "a file of something else": [proxy("0.0.0.0"), routes({}, "/etc/other/routes.yml")],
    "a file that is no YAML": [proxy("0.0.0.0"), job({ uploads: [{ file: "/etc/traefik/x.yml", content: "{" }] })],
    "routes without a proxy": routes({}),
  },
  fails: {
    "a public route without": [[proxy("0.0.0.0"), routes({})], PLAIN],
    "TLS of another entry point": [[proxy("0.0.0.0", "--entrypoints.team.http.tls=true"), routes({})], PLAIN],
    "an entry point in capitals": [[proxy("0.0.0.0"), routes({ entryPoints: ["Web"] })], PLAIN],
    "an Ingress": [ingress("networking.k8s.io/v1:Ingress", { rules: [] }), `Ingress "app": got no TLS${END}`],
    "an Ingress with an empty list": [ingress("networking.k8s.io/v1:Ingress", { tls: [] }), `Ingress "app": got no TLS${END}`],
    "a route of Traefik": [ingress("traefik.io/v1alpha1:IngressRoute", {}), `IngressRoute "app": got no TLS${END}`],
  },
});
