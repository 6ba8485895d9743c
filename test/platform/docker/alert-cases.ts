import { downCase, labelsOf, series, type AlertCase } from "../../services/alert-case.ts";

const proxy = labelsOf("proxy", "proxy:8082");
const DAY = 86_400;

export const CASES: readonly AlertCase[] = [
  downCase("ProxyDown", "proxy", "proxy:8082"),
  {
    alert: "CertificateExpiring",
    firing: {
      series: series("traefik_tls_certs_not_after", { ...proxy, cn: "example.com" }, `${7 * DAY + 7200}x130`),
      at: "120m",
      labels: { job: "proxy", instance: "proxy:8082", cn: "example.com" },
      description: "The certificate of example.com is good for 7 more days.",
    },
    quiet: {
      series: series("traefik_tls_certs_not_after", { ...proxy, cn: "example.com" }, `${60 * DAY}x130`),
      at: "120m",
    },
  },
];
