import { clientAddresses } from "../../../policies/edge/client-addresses.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const middleware = (spec: object) =>
  resource("kubernetes:traefik.io/v1alpha1:Middleware", "middleware", {
    apiVersion: "traefik.io/v1alpha1",
    kind: "Middleware",
    spec,
  });
const rate = middleware({ rateLimit: { average: 10, burst: 30 } });

describePolicy(clientAddresses, {
  context: { clientsUnknown: true },
  passes: { "a cluster that counts nobody": middleware({ retry: { attempts: 3 } }) },
  fails: {
    "rates by an address that a cluster may hide": [
      [rate, rate],
      "limits.clients: got nothing on a cluster; allowed: limits.clients, which says whether the cluster shows the addresses of clients; set it to apart or together; doctor says what hides them",
    ],
  },
});

describePolicy(clientAddresses, { passes: { "where somebody said it": rate }, fails: {} });
