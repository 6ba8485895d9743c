import { teamAccess } from "../../../policies/edge/team-access.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END =
  "got no Access application; allowed: host names with an Access application; give the route the audience team, with Access on";
const dns = (name: string, proxied = true) =>
  resource("cloudflare:index/dnsRecord:DnsRecord", "record", { name, proxied, type: "CNAME" });
const tunnel = (...hostnames: string[]) =>
  resource("cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig", "tunnel", {
    config: {
      ingresses: [
        ...hostnames.map((hostname) => ({ hostname, service: "http://proxy:8000" })),
        { service: "http_status:404" },
      ],
    },
  });
const access = (props: object) =>
  resource("cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication", "access", { ...props });

describePolicy(teamAccess, {
  passes: {
    "a page with Access": [dns("grafana.example.com"), access({ domain: "grafana.example.com" })],
    "Access for a path": [dns("grafana.example.com"), access({ domain: "grafana.example.com/" })],
    "Access for all below": [
      tunnel("temporal.example.com"),
      access({ destinations: [{ type: "public", uri: "*.example.com" }] }),
    ],
    "Access in a list": [dns("prometheus.example.com"), access({ selfHostedDomains: ["prometheus.example.com"] })],
    "public pages": [dns("example.com"), tunnel("auth.example.com", "api.example.com")],
    "host names of something that is no tunnel": resource("cloudflare:index/other:Other", "x", {
      config: { ingresses: [{ hostname: "grafana.example.com" }] },
    }),
    "a record that Cloudflare does not proxy": dns("grafana.example.com", false),
  },
  fails: {
    "a record": [dns("grafana.example.com"), `host name "grafana.example.com": ${END}`],
    "a tunnel": [tunnel("example.com", "prometheus.example.com"), `host name "prometheus.example.com": ${END}`],
    "a record and a tunnel, once": [
      [dns("temporal.example.com"), tunnel("temporal.example.com")],
      `host name "temporal.example.com": ${END}`,
    ],
    "Access that is none": [
      [
        dns("grafana.example.com"),
        resource("cloudflare:index/pagesDomain:PagesDomain", "x", { domain: "grafana.example.com" }),
      ],
      `host name "grafana.example.com": ${END}`,
    ],
    "Access for another": [
      [dns("grafana.example.com"), access({ domain: "temporal.example.com" })],
      `host name "grafana.example.com": ${END}`,
    ],
    "Access for all below another": [
      [dns("grafana.example.com"), access({ domain: "*.example.org" })],
      `host name "grafana.example.com": ${END}`,
    ],
  },
});
