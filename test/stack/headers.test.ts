import { expect, it } from "vitest";
import { parse } from "yaml";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { messageOf } from "../support/record/settings.ts";
import { inputsOf, stackOf } from "../support/record/stacks.ts";

const IMAGE = { registry: "docker.io", repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000 };
const VALUES = {
  domain: "example.com",
  app: { headers: { camera: "self" }, hosts: ["scan.example.org"] },
  services: {
    map: {
      image: { ...IMAGE, probeTool: "wget" },
      port: 8080,
      route: { subdomain: "map", headers: { geolocation: "self", frames: ["https://partner.example.com"] } },
    },
  },
};
const APP = "camera=(self), geolocation=(), microphone=()";
const MAP = "camera=(), geolocation=(self), microphone=()";
const OTHERS = "camera=(), geolocation=(), microphone=()";

interface Headers {
  readonly headers?: { readonly permissionsPolicy?: string };
}

it("each page of the app and of an own service tells browsers what its settings say, on a Docker host", async () => {
  const recording = await stackOf(VALUES);
  const { uploads = [] } = inputsOf<RecordedContainer>(recording, "docker:index/container:Container", "proxy-routes");
  const { http } = parse(uploads[0]?.content ?? "") as {
    http: { routers: Record<string, { middlewares: string[] }>; middlewares: Record<string, Headers> };
  };
  const policyOf = (router: string) =>
    http.routers[router]?.middlewares.map((name) => http.middlewares[name]?.headers?.permissionsPolicy).find(Boolean);
  for (const page of ["app", "app-write", "app-sized", "api", "websocket", "app-at-scan-example-org"])
    expect([page, policyOf(page)]).toEqual([page, APP]);
  expect(policyOf("map")).toBe(MAP);
  for (const page of ["auth", "grafana"]) expect([page, policyOf(page)]).toEqual([page, OTHERS]);
});

it("and on Kubernetes", async () => {
  const recording = await stackOf({ ...VALUES, platform: "kubernetes" });
  const policyOf = (page: string) => {
    const { spec } = inputsOf<{ spec: { routes: { middlewares: { name: string }[] }[] } }>(
      recording,
      "kubernetes:traefik.io/v1alpha1:IngressRoute",
      `ingressroute-${page}`,
    );
    const [first] = spec.routes.map(({ middlewares }) => middlewares[0]?.name ?? "");
    return inputsOf<{ spec: Headers }>(recording, "kubernetes:traefik.io/v1alpha1:Middleware", `middleware-${first}`)
      .spec.headers?.permissionsPolicy;
  };
  expect([policyOf("app"), policyOf("map"), policyOf("auth")]).toEqual([APP, MAP, OTHERS]);
});

it.each([
  [{ app: { headers: { camera: "yes" } } }, 'app.headers.camera: got "yes"; allowed: "none", "self"'],
  [
    { app: { headers: { frames: ["partner.example.com"] } } },
    'app.headers.frames.0: got "partner.example.com"; allowed: "none", "self", "app"',
  ],
  [{ app: { headers: { frames: [] } } }, 'app.headers.frames: got a list; allowed: "none", "self", "app"'],
])("%j is refused", (values, message) => {
  expect(messageOf(values)).toEqual([
    `  apprun:${message} or a list of origins such as ["https://call.example.com"]; change it`,
  ]);
});
