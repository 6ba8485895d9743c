import { ComponentResource, getProject, getStack } from "@pulumi/pulumi";
import { CertificateAuthority } from "../../../components/edge/certificate-authority.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import { DEFAULT_LIMITS } from "../../../components/model/limits.ts";
import { KubernetesPlatform } from "../../../components/platform/kubernetes/kubernetes-platform.ts";
import { appSpec, CLUSTER } from "../../support/record/specs.ts";

// The way in of a stack on Kubernetes with TLS, and one service behind it that needs no other.
const HOST = "pr-503.example.com";
const parent = new ComponentResource("apprun:test:ClusterIngress", "ingress");
const platform = new KubernetesPlatform({
  identity: { project: getProject(), stack: getStack() },
  cluster: CLUSTER,
  protectData: false,
  parent,
});
const authority = new CertificateAuthority("local-ca", { commonName: "cluster test CA" }, { parent });
const ingress = platform.ingress(
  "proxy",
  {
    bind: "loopback",
    port: 80,
    teamPort: 80,
    tls: {
      port: 443,
      source: {
        kind: "given",
        certificate: authority.issue("server", { use: "server", commonName: HOST, hosts: [HOST] }),
      },
    },
    hsts: "1h",
    limits: { ...DEFAULT_LIMITS, maxBody: "1Mi", rates: { ...DEFAULT_LIMITS.rates, login: { average: 1, burst: 3 } } },
  },
  { parent },
);
const web = platform.workload(
  "web",
  appSpec({
    image: selectImage("prometheus"),
    runAs: { uid: 65_534, gid: 65_534 },
    ports: { http: { port: 9090, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/-/ready" },
    scratch: ["/prometheus"],
  }),
  { parent },
);
const to = web.endpoint("http");
ingress.route([
  { name: "web", host: HOST, to, audience: "public", rate: "standard" },
  { name: "login", host: HOST, path: "/-/healthy", to, audience: "public", rate: "login" },
  { name: "tools", host: "tools.example.com", to, audience: "team", rate: "operator" },
]);

export const ca = authority.certificate;
