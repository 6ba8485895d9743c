import { onlyProxyPublic } from "../../../policies/network/public-ports.ts";
import { container, deployment, describePolicy, resource } from "../describe-policy.ts";

const END = '; allowed: the service "proxy"; make the port internal and give it a route';
const ports = [{ internal: 8080, external: 8080, ip: "0.0.0.0" }];

describePolicy(onlyProxyPublic, {
  passes: {
    "the proxy": container({ ports }, "proxy"),
    "the loopback": container({ ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1" }] }),
    "the loopback of IPv6": container({ ports: [{ internal: 8080, external: 8080, ip: "::1" }] }),
    "the proxy's load balancer": resource("kubernetes:core/v1:Service", "x", {
      metadata: { labels: { "app.kubernetes.io/name": "proxy" } },
      spec: { type: "LoadBalancer", ports: [{ port: 443 }] },
    }),
  },
  fails: {
    "a service on every address": [container({ ports }), `container "app": got a public port, 0.0.0.0:8080${END}`],
    "a service on every address of IPv6": [
      container({ ports: [{ internal: 8080, external: 8080, ip: "::" }] }),
      `container "app": got a public port, [::]:8080${END}`,
    ],
    "a port of a node": [
      deployment({ container: { ports: [{ containerPort: 80, hostPort: 8080, hostIP: "192.0.2.1" }] } }),
      `Deployment "app", container "main": got a public port, 192.0.2.1:8080${END}`,
    ],
    "another's load balancer": [
      resource("kubernetes:core/v1:Service", "grafana", { spec: { type: "LoadBalancer", ports: [{ port: 3000 }] } }),
      `Service "grafana": got a public port, every node (LoadBalancer):3000${END}`,
    ],
  },
});
