import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** What only one of the platforms can do. */
export const targetRules: readonly Rule<Settings>[] = [
  ({ platform, profile }) =>
    platform === "kubernetes" && profile === "light"
      ? problem(
          "profile",
          '"light"',
          '"standard" with platform kubernetes: light is for a small Docker host',
          "remove it, and set the limits of each service",
        )
      : undefined,
  ({ platform, cloudflare }) =>
    platform === "kubernetes" && cloudflare.enabled && cloudflare.origin === "proxy"
      ? problem(
          "cloudflare.origin",
          '"proxy"',
          '"tunnel" with platform kubernetes, whose ingress controller does not ask for Cloudflare\'s certificate',
          "set it to tunnel",
        )
      : undefined,
  ({ platform, cloudflare, proxy }) =>
    platform === "kubernetes" && cloudflare.enabled && proxy.audience !== "public"
      ? problem(
          "proxy.audience",
          JSON.stringify(proxy.audience),
          '"public" with platform kubernetes and cloudflare.enabled: a cluster serves no other routes',
          "remove it, or deploy previews on a Docker host",
        )
      : undefined,
  ({ platform, tls, kubernetes }) =>
    platform === "kubernetes" && tls.mode === "acme" && kubernetes.ingress.clusterIssuer === undefined
      ? problem(
          "kubernetes.ingress.clusterIssuer",
          "nothing",
          "the name of cert-manager's issuer, with tls.mode acme",
          "set it",
        )
      : undefined,
  ({ platform, app }) =>
    platform === "docker" && app.autoscaling !== undefined
      ? problem(
          "app.autoscaling",
          "a map",
          "nothing with platform docker, which runs a fixed number of replicas",
          "remove it and set app.replicas",
        )
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
      ? problem(
          "app.balancing",
          JSON.stringify(app.balancing),
          '"round-robin" with platform kubernetes: an Ingress has no other way',
          "remove it",
        )
      : undefined,
  ({ platform, exporters }) =>
    exporters.kubelets && platform === "docker"
      ? problem("exporters.kubelets", "true", "false with platform docker, which has none", "remove it")
      : undefined,
  ({ exporters }) =>
    exporters.kubelets && !exporters.kubernetes
      ? problem(
          "exporters.kubelets",
          "true",
          "true with exporters.kubernetes, which knows the limits",
          "set exporters.kubernetes to true too",
        )
      : undefined,
  ({ platform, postgres }) =>
    platform === "docker" && postgres.mode === "operator"
      ? problem(
          "postgres.mode",
          '"operator"',
          '"container" or "external" with platform docker',
          "choose one, or set platform to kubernetes",
        )
      : undefined,
];
