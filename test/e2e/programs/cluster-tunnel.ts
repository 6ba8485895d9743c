import { ComponentResource, getProject, getStack, secret } from "@pulumi/pulumi";
import { cloudflaredWorkload, TUNNEL_NAME } from "../../../components/edge/tunnel.ts";
import { DEFAULT_LIMITS } from "../../../components/model/limits.ts";
import { KubernetesPlatform } from "../../../components/platform/kubernetes/kubernetes-platform.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import { appSpec, CLUSTER } from "../../support/record/specs.ts";

// The way in of a stack on Kubernetes behind a tunnel. A plain HTTP server stands in for the tunnel's client.
const HOST = "pr-504.example.com";
const parent = new ComponentResource("apprun:test:ClusterTunnel", "tunnel");
const platform = new KubernetesPlatform({
  identity: { project: getProject(), stack: getStack() },
  cluster: { ...CLUSTER, nodeSelector: { "kubernetes.io/os": "linux" } },
  protectData: false,
  parent,
});
const ingress = platform.ingress(
  "proxy",
  {
    bind: "loopback",
    port: 80,
    teamPort: 80,
    front: { kind: "tunnel", clientAddressHeader: "Cf-Connecting-Ip", client: TUNNEL_NAME },
    limits: { ...DEFAULT_LIMITS, rates: { ...DEFAULT_LIMITS.rates, login: { average: 1, burst: 3 } } },
  },
  { parent },
);

const image = selectImage("sampleApp");
const runAs = { uid: image.uid, gid: image.gid };
/** Answers with the headers of the request. */
const server = (port: number) => [
  "node",
  "-e",
  `require("http").createServer((request, response) => response.end(JSON.stringify(request.headers))).listen(${port})`,
];
const web = platform.workload(
  "web",
  appSpec({ image, runAs, args: server(8080), probe: { kind: "http", port: "http", path: "/" } }),
  { parent },
);
const to = web.endpoint("http");
ingress.route([
  { name: "web", host: HOST, to, audience: "public", rate: "standard" },
  { name: "login", host: HOST, path: "/login", to, audience: "public", rate: "login" },
  { name: "tools", host: "tools.example.com", to, audience: "team", rate: "operator" },
]);
platform.workload(
  TUNNEL_NAME,
  {
    ...cloudflaredWorkload({ image, token: secret("token"), entries: [ingress.entry("public")], replicas: 2 }),
    args: server(2000),
    probe: { kind: "http", port: "metrics", path: "/" },
  },
  { parent },
);
platform.workload("bystander", appSpec({ image, runAs, args: server(8080), egress: true }), { parent });

export const entry = ingress.entry("public").address;
