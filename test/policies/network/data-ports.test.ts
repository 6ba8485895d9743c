import { noPublicDataPort } from "../../../policies/network/data-ports.ts";
import { container, deployment, describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: 127.0.0.1, or no port at all; make its port internal or loopback";
const service = (type: string, ports: unknown[], component = "app") =>
  resource("kubernetes:core/v1:Service", "postgres", {
    metadata: { labels: { "app.kubernetes.io/component": component } },
    spec: { type, ports },
  });
const published = (...zones: readonly string[]) =>
  container({
    ports: [{ internal: 4222, external: 4222, ip: "0.0.0.0" }],
    networksAdvanced: zones.map((zone) => ({ name: `apprun-prod-${zone}` })),
  });

describePolicy(noPublicDataPort, {
  passes: {
    "a port on the loopback": container({ ports: [{ internal: 5432, external: 5432, ip: "127.0.0.1" }] }),
    "a port on the loopback of version 6": container({ ports: [{ internal: 5432, external: 5432, ip: "::1" }] }),
    "a port of no data": container({ ports: [{ internal: 8000, external: 80, ip: "0.0.0.0" }] }),
    "a port of a client of data": published("backend", "data"),
    "a port of the edge": published("edge"),
    "a pod's port of the node, of no data": deployment({
      container: { ports: [{ containerPort: 4222, hostPort: 4222 }] },
    }),
    "a load balancer of no data": service("LoadBalancer", [{ port: 4222 }]),
    "a port of data that is not published": container({ networksAdvanced: [{ name: "apprun-prod-data" }] }),
    "a service inside of the cluster": service("ClusterIP", [{ port: 5432 }]),
  },
  fails: {
    "a port without an address": [
      container({ ports: [{ internal: 5432, external: 5432 }] }),
      `container "app": got PostgreSQL on 0.0.0.0:5432${END}`,
    ],
    "a port that hides behind another": [
      container({ ports: [{ internal: 6379, external: 16379, ip: "192.0.2.1" }] }),
      `container "app": got Redis on 192.0.2.1:16379${END}`,
    ],
    "the port of data for something else": [
      container({ ports: [{ internal: 8000, external: 27017, ip: "0.0.0.0" }] }),
      `container "app": got MongoDB on 0.0.0.0:27017${END}`,
    ],
    "a name that begins like the loopback": [
      container({ ports: [{ internal: 5432, external: 5432, ip: "127.example" }] }),
      `container "app": got PostgreSQL on 127.example:5432${END}`,
    ],
    "a port of a node": [
      deployment({ container: { ports: [{ containerPort: 6379, hostPort: 6379 }, { containerPort: 5432 }] } }),
      `Deployment "app", container "main": got Redis on 0.0.0.0:6379${END}`,
    ],
    "what holds data, whatever its port": [published("data"), `container "app": got data on 0.0.0.0:4222${END}`],
    "what holds data and goes outside": [published("edge", "data"), `container "app": got data on 0.0.0.0:4222${END}`],
    "a pod that holds data": [
      deployment({
        labels: { "app.kubernetes.io/component": "data" },
        container: { ports: [{ containerPort: 4222, hostPort: 4222 }] },
      }),
      `Deployment "app", container "main": got data on 0.0.0.0:4222${END}`,
    ],
    "a load balancer of what holds data": [
      service("LoadBalancer", [{ port: 4222 }], "data"),
      `Service "postgres": got data on every node (LoadBalancer):4222${END}`,
    ],
    "a load balancer": [
      service("LoadBalancer", [{ port: 5432 }]),
      `Service "postgres": got PostgreSQL on every node (LoadBalancer):5432${END}`,
    ],
    "a node port": [
      service("NodePort", [{ port: 80, targetPort: 5432, nodePort: 30432 }]),
      `Service "postgres": got PostgreSQL on every node (NodePort):30432${END}`,
    ],
  },
});
