import { problem, type Rule } from "./rule.js";

/** What only one of the platforms can do. */
export const targetRules: readonly Rule[] = [
  ({ platform, app }) =>
    platform === "docker" && app.autoscaling !== undefined
      ? problem("app.autoscaling", "a map", "nothing with platform docker, which runs a fixed number of replicas", "remove it and set app.replicas")
      : undefined,
  ({ app }) =>
    app.autoscaling !== undefined && app.autoscaling.maxReplicas <= app.replicas
      ? problem(
          "app.autoscaling.maxReplicas",
          String(app.autoscaling.maxReplicas),
          `more than app.replicas (${app.replicas})`,
          "raise it or lower app.replicas",
        )
      : undefined,
  ({ platform, app }) =>
    platform === "kubernetes" && app.balancing !== "round-robin"
      ? problem("app.balancing", JSON.stringify(app.balancing), '"round-robin" with platform kubernetes: an Ingress has no other way', "remove it")
      : undefined,
  ({ platform, postgres }) =>
    platform === "docker" && postgres.mode === "operator"
      ? problem("postgres.mode", '"operator"', '"container" or "external" with platform docker', "choose one, or set platform to kubernetes")
      : undefined,
];
