import { noPublicDataPort } from "../../../policies/network/data-ports.ts";
import { container, deployment, describePolicy, resource } from "../../support/record/policies.ts";

const END = "; allowed: 127.0.0.1, or no port at all; make its port internal or loopback";
const service = (type: string, ports: unknown[]) => resource("kubernetes:core/v1:Service", "postgres", { spec: { type, ports } });

describePolicy(noPublicDataPort, {
  passes: {
    "a port on the loopback": container({ ports: [{ internal: 5432, external: 5432, ip: "127.0.0.1" }] }),
    "a port on the loopback of version 6": container({ ports: [{ internal: 5432, external: 5432, ip: "::1" }] }),
    "a port of no data": container({ ports: [{ internal: 8000, external: 80, ip: "0.0.0.0" }] }),
    "a service inside of the cluster": service("ClusterIP", [{ port: 5432 }]),
  },
  fails: {
    "a port without an address": [container({ ports: [{ internal: 5432, external: 5432 }] }), `container "app": got PostgreSQL on 0.0.0.0:5432${END}`],
    "a port that hides behind another": [
      container({ ports: [{ internal: 6379, external: 16379, ip: "192.0.2.1" }] }),
      `container "app": got Redis on 192.0.2.1:16379${END}`,
    ],
    "the port of data for something else": [
      container({ ports: [{ internal: 8000, external: 4434, ip: "0.0.0.0" }] }),
      `container "app": got Kratos's administration on 0.0.0.0:4434${END}`,
    ],
    "a name that begins like the loopback": [
      container({ ports: [{ internal: 5432, external: 5432, ip: "127.example" }] }),
      `container "app": got PostgreSQL on 127.example:5432${END}`,
    ],
    "a port of a node": [
      deployment({ container: { ports: [{ containerPort: 7233, hostPort: 7233 }, { containerPort: 5432 }] } }),
      `Deployment "app", container "main": got Temporal on 0.0.0.0:7233${END}`,
    ],
    "a load balancer": [service("LoadBalancer", [{ port: 5432 }]), `Service "postgres": got PostgreSQL on every node (LoadBalancer):5432${END}`],
    "a node port": [
      service("NodePort", [{ port: 80, targetPort: 5432, nodePort: 30432 }]),
      `Service "postgres": got PostgreSQL on every node (NodePort):30432${END}`,
    ],
  },
});
