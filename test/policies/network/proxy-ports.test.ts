import { proxyPorts } from "../../../policies/network/proxy-ports.ts";
import { container, describePolicy } from "../describe-policy.ts";

const publish = (external: number, ip = "0.0.0.0") => ({ ports: [{ internal: 8000, external, ip }] });

describePolicy(proxyPorts, {
  passes: {
    "HTTP and HTTPS": [container(publish(80), "proxy"), container(publish(443), "proxy")],
    "operators' pages on the loopback": container(publish(10_080, "127.0.0.1"), "proxy"),
    "a port for what is in front alone": container(
      {
        ...publish(8080),
        command: ["--entrypoints.web.address=:8000", "--entrypoints.web.forwardedheaders.trustedips=10.0.0.5"],
      },
      "proxy",
    ),
    "another service, which another policy refuses": container(publish(8080)),
  },
  fails: {
    "another port": [
      container(publish(8080), "proxy"),
      'container "proxy": got 0.0.0.0:8080; allowed: 80 and 443, and any port with apprun:front; set proxy.port or apprun:front, or bind it to the loopback',
    ],
    "a port of an entry point that trusts nobody": [
      container(
        {
          ...publish(8080),
          command: [
            "--entrypoints.web.address=:8000",
            "--entrypoints.other.address=:8001",
            "--entrypoints.other.proxyprotocol.trustedips=10.0.0.5",
          ],
        },
        "proxy",
      ),
      'container "proxy": got 0.0.0.0:8080; allowed: 80 and 443, and any port with apprun:front; set proxy.port or apprun:front, or bind it to the loopback',
    ],
  },
});
