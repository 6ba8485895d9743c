import { expect, it } from "vitest";
import { messageOf } from "../support/record/settings.ts";

const CLUSTER = { platform: "kubernetes" };
const OTHER = { platform: "kubernetes", kubernetes: { ingress: { class: "nginx", controller: "other" } } };
const SERVICE = {
  image: {
    registry: "docker.io",
    repository: "library/node",
    tag: "22-alpine",
    uid: 1000,
    gid: 1000,
    probeTool: "wget",
  },
  port: 8080,
  route: { subdomain: "shop", rate: "login" },
};

const onTraefik = (key: string, got: string, allowed: string) =>
  `  apprun:limits.${key}: got ${got}; allowed: ${allowed} with platform kubernetes, where this is part of the entry points of the cluster's Traefik; remove it, and set transport.respondingTimeouts.${key} below ports.web and ports.websecure in the values of Traefik's chart`;
const onOther = (path: string, got: string, allowed: string) =>
  `  apprun:${path}: got ${got}; allowed: ${allowed} with kubernetes.ingress.controller other, which this program cannot tell it to; remove it, and set the same in that controller, by kubernetes.ingress.annotations where it reads them`;

it.each<[Record<string, unknown>, string[]]>([
  [
    { ...CLUSTER, limits: { readTimeout: "30m", idleTimeout: "17m", maxBody: "200Mi", responseTimeout: "5m" } },
    [onTraefik("readTimeout", '"30m"', '"60s"'), onTraefik("idleTimeout", '"17m"', '"180s"')],
  ],
  [
    { ...CLUSTER, kubernetes: { ingress: { annotations: { a: "b" } } } },
    [
      '  apprun:kubernetes.ingress.annotations: got {"a":"b"}; allowed: nothing with kubernetes.ingress.controller traefik, whose routes are no Ingresses; remove it',
    ],
  ],
  [
    {
      ...OTHER,
      limits: { maxBody: "200Mi", readTimeout: "30m", rates: { login: { burst: 5 } } },
      tls: { mode: "external", hsts: "1d" },
      front: { hops: 2, clientAddress: "forwarded-for" },
      app: { headers: { camera: "self", frames: ["https://partner.example.com"] } },
      services: { shop: SERVICE },
    },
    [
      onOther("limits.maxBody", '"200Mi"', '"16Mi"'),
      onOther("limits.readTimeout", '"30m"', '"60s"'),
      onOther("limits.rates.login.burst", "5", "30"),
      onOther("tls.hsts", '"1d"', "nothing"),
      onOther("front.clientAddress", '"forwarded-for"', "nothing"),
      onOther("front.hops", "2", "nothing"),
      onOther("app.headers.camera", '"self"', '"none"'),
      onOther("app.headers.frames", '["https://partner.example.com"]', '"self"'),
      onOther("services.shop.route.rate", '"login"', '"standard"'),
    ],
  ],
  [
    { ...CLUSTER, kubernetes: { ingress: { clusterIssuer: "letsencrypt" } } },
    [
      '  apprun:kubernetes.ingress.clusterIssuer: got "letsencrypt"; allowed: nothing but with tls.mode acme; remove it or set tls.mode to acme',
    ],
  ],
  [
    { ...CLUSTER, logs: { enabled: true, port: 12201 } },
    ["  apprun:logs.port: got 12201; allowed: nothing with platform kubernetes; remove it or change apprun:platform"],
  ],
])("what a cluster's controller cannot be told is refused: %j", (values, messages) => {
  expect(messageOf(values)).toEqual([...messages].sort());
});

it("takes what the controller has by itself, and what it can be told", () => {
  expect(
    messageOf({ ...CLUSTER, limits: { readTimeout: "60s", maxBody: "200Mi", rates: { login: { burst: 5 } } } }),
  ).toEqual([]);
  expect(
    messageOf({
      ...CLUSTER,
      kubernetes: {
        ingress: { ...OTHER.kubernetes.ingress, annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "32m" } },
      },
    }),
  ).toEqual([]);
});
