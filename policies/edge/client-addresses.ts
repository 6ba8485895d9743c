import { SHOWN, type StackPolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { at, isSet } from "../read/values.ts";

export const clientAddresses: StackPolicy = {
  kind: "stack",
  name: "client-addresses",
  description:
    "Rates count each client by its address. Where the way in sees one address for all, as behind k3s' ServiceLB, one client ends the login of all.",
  enforcement: SHOWN,
  allowed: "limits.clients, which says whether the cluster shows the addresses of clients",
  remedy: "set it to apart or together; doctor says what hides them",
  check: (resources, { clientsUnknown = false }) => {
    const counts = resources.some(
      (resource) => kubernetesKind(resource) === "Middleware" && isSet(at(resource.props, "spec", "rateLimit")),
    );
    return clientsUnknown && counts ? ["limits.clients: got nothing on a cluster"] : [];
  },
};
