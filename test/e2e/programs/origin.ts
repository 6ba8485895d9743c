import { ComponentResource, getProject, getStack } from "@pulumi/pulumi";
import { CertificateAuthority } from "../../../components/edge/certificate-authority.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import { DockerPlatform } from "../../../components/platform/docker/docker-platform.ts";
import { appSpec, RESOURCES } from "../../support/record/specs.ts";

// The way in of a host that a reverse proxy with a client certificate stands before, and one service behind it.
// The certificate that Cloudflare would sign is signed by an authority of the program's own.
const HOST = "origin.example.com";
const PORT = 10_502;
const parent = new ComponentResource("apprun:test:Origin", "origin");
const platform = new DockerPlatform({
  identity: { project: getProject(), stack: getStack() },
  docker: { host: "unix:///var/run/docker.sock" },
  protectData: false,
  proxyImage: selectImage("traefik"),
  proxyResources: RESOURCES,
  parent,
});
const server = new CertificateAuthority("origin", { commonName: "origin test CA" }, { parent });
const pull = new CertificateAuthority("pull", { commonName: "origin pull test CA" }, { parent });
const client = pull.issue("client", { use: "client", commonName: "cloudflare origin pull" });
const stranger = new CertificateAuthority("stranger", { commonName: "somebody else's CA" }, { parent }).issue(
  "client",
  {
    use: "client",
    commonName: "somebody else",
  },
);
const ingress = platform.ingress(
  "proxy",
  {
    bind: "loopback",
    port: PORT,
    teamPort: PORT,
    tls: {
      port: PORT + 10_000,
      source: {
        kind: "given",
        certificate: server.issue("server", { use: "server", commonName: HOST, hosts: [HOST] }),
      },
    },
    front: { kind: "proxy", clientAddressHeader: "Cf-Connecting-Ip", clientCa: pull.certificate },
  },
  { parent },
);
// A service that needs no other.
const app = platform.workload(
  "web",
  appSpec({
    image: selectImage("prometheus"),
    runAs: { uid: 65534, gid: 65534 },
    ports: { http: { port: 9090, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/-/ready" },
  }),
  { parent },
);
ingress.route([{ name: "web", host: HOST, to: app.endpoint("http"), audience: "public", rate: "standard" }]);

export const ca = server.certificate;
export const certificate = client.chain;
export const key = client.key;
export const strangerCertificate = stranger.chain;
export const strangerKey = stranger.key;
