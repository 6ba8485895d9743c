import { expect, it } from "vitest";
import { parse } from "yaml";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { messageOf } from "../support/record/settings.ts";
import { inputsOf, stackOf } from "../support/record/stacks.ts";

const NO_METRICS = "!PathRegexp(`(?i)^/metrics(/|$)`)";
const IMAGE = { registry: "docker.io", repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000 };
const SERVICE = {
  image: { ...IMAGE, probeTool: "wget" },
  port: 8080,
  metrics: { path: "/internal/figures" },
  route: { subdomain: "shop", hidden: ["/admin"] },
};
const VALUES = { domain: "example.com", app: { paths: { hidden: ["/admin"] } }, services: { shop: SERVICE } };
const EXPECTED = {
  app: `Host(\`example.com\`) && !PathRegexp(\`(?i)^/admin(/|$)\`) && ${NO_METRICS}`,
  api: `Host(\`api.example.com\`) && !PathRegexp(\`(?i)^/admin(/|$)\`) && ${NO_METRICS}`,
  websocket: "Host(`example.com`) && PathPrefix(`/ws`)",
  auth: "Host(`auth.example.com`)",
  shop: "Host(`shop.example.com`) && !PathRegexp(`(?i)^/admin(/|$)`) && !PathRegexp(`(?i)^/internal/figures(/|$)`)",
};

it("nobody gets from outside what Prometheus reads there, nor what the settings hide, on a Docker host", async () => {
  const recording = await stackOf(VALUES);
  const { uploads = [] } = inputsOf<RecordedContainer>(recording, "docker:index/container:Container", "proxy-routes");
  const { http } = parse(uploads[0]?.content ?? "") as { http: { routers: Record<string, { rule: string }> } };
  const rules = (name: string) =>
    [name, `${name}-sized`, `${name}-write`].map((each) => http.routers[each]?.rule ?? "");
  for (const [name, rule] of Object.entries(EXPECTED))
    for (const each of rules(name)) expect(each.startsWith(rule), `${name}: ${each}`).toBe(true);
  for (const each of rules("grafana")) expect(each).toContain(NO_METRICS);
});

it("nor on Kubernetes", async () => {
  const recording = await stackOf({ ...VALUES, platform: "kubernetes" });
  for (const [name, rule] of Object.entries(EXPECTED)) {
    const { spec } = inputsOf<{ spec: { routes: { match: string }[] } }>(
      recording,
      "kubernetes:traefik.io/v1alpha1:IngressRoute",
      `ingressroute-${name}`,
    );
    expect(spec.routes).toHaveLength(3);
    for (const { match } of spec.routes) expect(match.startsWith(rule), match).toBe(true);
  }
});

it("nor with another controller, where they lead to a Service without pods", async () => {
  const kubernetes = { ingress: { class: "nginx", controller: "other" } };
  const recording = await stackOf({ ...VALUES, platform: "kubernetes", kubernetes });
  const pathsOf = (name: string) =>
    inputsOf<{ spec: { rules: { http: { paths: { path: string; backend: { service: { name: string } } }[] } }[] } }>(
      recording,
      "kubernetes:networking.k8s.io/v1:Ingress",
      `route-${name}`,
    ).spec.rules[0]?.http.paths.map(({ path, backend }) => `${path} ${backend.service.name}`);
  expect(pathsOf("app")).toEqual(["/admin nowhere", "/metrics nowhere", "/ apprun"]);
  expect(pathsOf("websocket")).toEqual(["/ws apprun"]);
  const { spec } = inputsOf<{ spec: object }>(recording, "kubernetes:core/v1:Service", "nowhere");
  expect(spec).not.toHaveProperty("selector");
});

it("the whole of a page cannot be hidden", () => {
  expect(messageOf({ app: { paths: { hidden: ["/"] } } })).toEqual([
    '  apprun:app.paths.hidden.0: got "/"; allowed: a list of paths such as ["/admin"], none of them the root; change it',
  ]);
});
