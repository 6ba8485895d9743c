import { proxyPorts } from "../../../policies/network/proxy-ports.ts";
import { container, describePolicy } from "../describe-policy.ts";

const publish = (external: number, ip = "0.0.0.0") => ({ ports: [{ internal: 8000, external, ip }] });

describePolicy(proxyPorts, {
  passes: {
    "HTTP and HTTPS": [container(publish(80), "proxy"), container(publish(443), "proxy")],
    "operators' pages on the loopback": container(publish(10_080, "127.0.0.1"), "proxy"),
    "another service, which another policy refuses": container(publish(8080)),
  },
  fails: {
    "another port": [
      container(publish(8080), "proxy"),
      'container "proxy": got 0.0.0.0:8080; allowed: 80 and 443; set proxy.port, or bind it to the loopback',
    ],
  },
});
