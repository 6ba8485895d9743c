import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { secretMark } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { messageOf } from "../support/record/settings.ts";
import { inputsOf, stackOf } from "../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const OWN = {
  image: {
    registry: "docker.io",
    repository: "library/node",
    tag: "22-alpine",
    uid: 1000,
    gid: 1000,
    probeTool: "wget",
  },
  port: 8080,
};
interface Routes {
  http: { routers: Record<string, { middlewares: string[] }>; middlewares: Record<string, { basicAuth?: object }> };
}

async function recorded(values: Record<string, unknown> = {}) {
  const recording = await stackOf({ tracing: { enabled: true }, ...values });
  const container = (name: string) => inputsOf<RecordedContainer>(recording, CONTAINER, name);
  const routes = parse(container("proxy-routes").uploads?.[0]?.content ?? "") as Routes;
  const asked = Object.entries(routes.http.routers)
    .filter(([, { middlewares }]) => middlewares.includes("operators"))
    .map(([name]) => name);
  return { ...recording, container, routes, asked };
}

describe("operators' pages on a Docker host", () => {
  it("ask for the proxy's login where they have none of their own, and nothing public does", async () => {
    const { asked, routes } = await recorded();
    const pages = ["alertmanager", "jaeger", "prometheus", "temporal"];
    expect(asked.sort()).toEqual(pages.flatMap((name) => [name, `${name}-sized`, `${name}-write`]));
    expect(routes.http.routers["prometheus"]?.middlewares).toEqual(["security-headers", "rate-operator", "operators"]);
  });

  it("have its hash in a secret file of one job, and its name alone in the routes", async () => {
    const { container, routes, resources } = await recorded();
    expect(routes.http.middlewares["operators"]).toEqual({
      basicAuth: { usersFile: "/etc/traefik/routes/operators-1.htpasswd", realm: "operators", removeHeader: true },
    });
    expect(container("proxy-operators").uploads).toMatchObject([
      { file: "/run/secrets/operators", content: `operator:${secretMark("proxy-operators")}\n` },
    ]);
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(secretMark("proxy-operators")));
    expect(holders.map(({ name }) => name)).toEqual(["proxy-operators"]);
  });

  it("show the login by the name of what it is for", async () => {
    const { result } = await recorded();
    expect(Object.keys(result.credentials)).toEqual(
      expect.arrayContaining(["alertmanager", "grafana", "jaeger", "prometheus", "temporal-ui"]),
    );
    expect(result.credentials["prometheus"]?.username).toBe("operator");
    expect(result.credentials["grafana"]?.username).toBe("apprun-admin");
  });

  it("of your own ask too, except those that have a login themselves", async () => {
    const team = (subdomain: string, ownLogin: boolean) => ({
      ...OWN,
      route: { subdomain, audience: "team", ownLogin },
    });
    const { asked } = await recorded({ services: { desk: team("desk", false), wiki: team("wiki", true) } });
    expect(asked).toEqual(expect.arrayContaining(["desk", "desk-write"]));
    expect(asked.filter((name) => name.startsWith("wiki"))).toEqual([]);
  });

  it("that are all off need no login", async () => {
    const off = { enabled: false };
    const { resources } = await stackOf({
      temporal: off,
      prometheus: off,
      exporters: { postgres: false, cache: false, host: false },
    });
    expect(resources.map(({ name }) => name)).not.toContain("proxy-operators");
  });
});

it("on Kubernetes nobody is asked: the way to operators' pages is to forward a port", async () => {
  const { resources, result } = await stackOf({ platform: "kubernetes", domain: "example.com" });
  expect(JSON.stringify(resources)).not.toContain("proxy-operators");
  expect(result.access["prometheus"]).toMatch(/^kubectl .* port-forward service\/prometheus 9090$/);
  expect(messageOf({ platform: "kubernetes", rotation: { "proxy-operators": 2 } })).toEqual([
    "  apprun:rotation.proxy-operators: got 2; allowed: nothing with platform kubernetes, where who may forward ports reaches operators' pages; remove it",
  ]);
});
