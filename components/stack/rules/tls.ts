import { problem, type Rule } from "../../settings/kit/rule.ts";
import { ACME_DIRECTORY } from "../../settings/sections/tls.ts";
import type { Settings } from "../settings.ts";

const SECRETS = ["tlsCertificate", "tlsPrivateKey"] as const;

/** TLS at the way in. */
export const tlsRules: readonly Rule<Settings>[] = [
  ...SECRETS.flatMap((key): Rule<Settings>[] => [
    ({ tls, secrets }) =>
      tls.mode === "own" && secrets[key] === undefined
        ? problem(
            key,
            "nothing",
            "a secret with tls.mode own",
            `run: pulumi config set --secret apprun:${key} < its PEM file`,
          )
        : undefined,
    ({ tls, secrets }) =>
      tls.mode !== "own" && secrets[key] !== undefined
        ? problem(key, "a secret", "nothing but with tls.mode own", "remove it or set tls.mode to own")
        : undefined,
  ]),
  ({ tls, platform }) =>
    platform === "docker" && tls.mode === "acme" && tls.acme === undefined
      ? problem("tls.acme", "nothing", "email and challenge with tls.mode acme", "add it or choose another mode")
      : undefined,
  ({ tls, platform }) =>
    platform === "kubernetes" && tls.acme !== undefined
      ? problem(
          "tls.acme",
          "a map",
          "nothing with platform kubernetes, where cert-manager orders certificates",
          "remove it and set kubernetes.ingress.clusterIssuer",
        )
      : undefined,
  ({ tls }) =>
    tls.mode !== "acme" && tls.acme !== undefined
      ? problem("tls.acme", "a map", "nothing but with tls.mode acme", "remove it or set tls.mode to acme")
      : undefined,
  ({ tls: { acme } }) =>
    acme?.ca !== undefined && acme.directory === ACME_DIRECTORY
      ? problem(
          "tls.acme.ca",
          "a certificate",
          "nothing with Let's Encrypt, which a public authority signs",
          "remove it, or set tls.acme.directory",
        )
      : undefined,
  ({ tls, domain }) =>
    tls.mode === "acme" && domain.endsWith("localhost")
      ? problem(
          "tls.mode",
          '"acme"',
          `"local-ca" or "off" for the domain ${domain}: no authority certifies it`,
          "change one of them",
        )
      : undefined,
  ({ tls, proxy }) =>
    tls.mode === "acme" && tls.acme?.challenge === "http" && (proxy.bind !== "public" || proxy.port !== 80)
      ? problem(
          "tls.acme.challenge",
          '"http"',
          '"http" where the proxy is public on port 80, which the authority asks',
          'set it to "cloudflare-dns", or change proxy.bind and proxy.port',
        )
      : undefined,
  ({ tls, secrets }) =>
    tls.acme?.challenge === "cloudflare-dns" && secrets.cloudflareDnsToken === undefined
      ? problem(
          "cloudflareDnsToken",
          "nothing",
          "a secret with tls.acme.challenge cloudflare-dns",
          "run: pulumi config set --secret apprun:cloudflareDnsToken",
        )
      : undefined,
  ({ tls, proxy }) =>
    tls.mode !== "off" && tls.mode !== "external" && [proxy.port, proxy.teamPort].includes(proxy.tlsPort)
      ? problem(
          "proxy.tlsPort",
          String(proxy.tlsPort),
          "another port than proxy.port and proxy.teamPort",
          "change one of them",
        )
      : undefined,
];
