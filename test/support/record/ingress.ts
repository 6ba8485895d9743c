import { secret } from "@pulumi/pulumi";
import type { Route } from "../../../components/model/page.ts";
import { proxyWorkload } from "../../../components/platform/docker/proxy.ts";
import { dynamicConfiguration } from "../../../components/platform/docker/traefik-routes.ts";
import type { IngressSpec, IngressTls } from "../../../components/platform/ingress.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import { endpoint, RESOURCES } from "./specs.ts";

export const OPEN: IngressSpec = { bind: "public", port: 80, teamPort: 10_080 };
export const LOOPBACK: IngressSpec = { bind: "loopback", port: 8000, teamPort: 8000 };
export const GIVEN: IngressTls = {
  port: 443,
  source: { kind: "given", certificate: { chain: "chain", key: secret("key") } },
};
export const ACME: IngressTls = {
  port: 443,
  source: {
    kind: "acme",
    acme: {
      directory: "https://ca.example.com/directory",
      email: "ops@example.com",
      challenge: { kind: "cloudflare-dns", domain: "example.com", token: secret("token") },
    },
  },
};
export const FRONT = { kind: "proxy", clientAddressHeader: "Cf-Connecting-Ip", clientCa: "ca" } as const;

export const proxyImage = selectImage("traefik");
export const proxy = (spec: IngressSpec) =>
  proxyWorkload({ image: proxyImage, resources: RESOURCES, spec, mounts: [] });

export const ROUTES: readonly Route[] = [
  { name: "grafana", host: "grafana.example.com", to: endpoint("grafana", 3000), audience: "team", rate: "operator" },
  {
    name: "app",
    host: "example.com",
    path: "/api",
    to: endpoint("apprun", 8080, { replicaHosts: ["apprun-1", "apprun-2"] }),
    audience: "public",
    rate: "standard",
    balancing: "least-loaded",
    healthPath: "/health",
  },
];

type Routers = Record<
  string,
  { rule: string; entryPoints: string[]; middlewares: string[]; priority: number; tls?: object }
>;
export const configuration = (spec: IngressSpec, routes = ROUTES) =>
  dynamicConfiguration(routes, spec) as {
    http: { routers: Routers; services: object; serversTransports: object };
    tls?: object;
  };
