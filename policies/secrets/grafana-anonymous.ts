import { PROD_ONLY, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";
import { isGrafana } from "../read/grafana.ts";

export const grafanaAnonymous: ResourcePolicy = {
  kind: "resource",
  name: "grafana-anonymous",
  description: "Nobody reads Grafana without logging in.",
  enforcement: PROD_ONLY,
  allowed: "GF_AUTH_ANONYMOUS_ENABLED=false",
  remedy: "turn it off",
  check: eachContainer((container) =>
    isGrafana(container) &&
    container.env.some(({ key, value }) => key === "GF_AUTH_ANONYMOUS_ENABLED" && value.toLowerCase() === "true")
      ? ["got anonymous access"]
      : [],
  ),
};
