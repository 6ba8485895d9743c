import type { Observability } from "../../model/observability.ts";
import type { Front } from "../ingress.ts";
import { unanswered } from "../../model/unanswered.ts";

/** When a certificate ends that the proxy does not serve, in seconds. */
const CERTIFICATE_END = "certificate:not_after:seconds";

export function proxyObservability(front?: Front): Observability {
  const clientEnds = front?.kind === "proxy" ? front.clientEnds : undefined;
  const ends =
    clientEnds === undefined ? "traefik_tls_certs_not_after" : `(traefik_tls_certs_not_after or ${CERTIFICATE_END})`;
  const requests = {
    title: "Proxy: requests per second by status",
    unit: "reqps",
    queries: [{ expr: "sum by (code) (rate(traefik_entrypoint_requests_total[5m]))", legend: "{{code}}" }],
  } as const;
  return {
    service: "proxy",
    ...(clientEnds && {
      moments: [{ record: CERTIFICATE_END, at: clientEnds, labels: { cn: "Cloudflare, to this host" } }],
    }),
    alerts: [
      {
        name: "ProxyDown",
        ...unanswered("proxy"),
        severity: "critical",
        summary: "The proxy does not answer: nothing is reachable",
      },
      {
        name: "CertificateExpiring",
        expr: `(${ends} - time()) / 86400 < 14`,
        for: "1h",
        severity: "critical",
        summary: "A certificate of the proxy expires within two weeks",
        description: "The certificate of {{ $labels.cn }} is good for {{ $value | humanize }} more days.",
      },
    ],
    overview: [requests],
    dashboard: {
      uid: "apprun-proxy",
      title: "Proxy",
      panels: [
        requests,
        {
          title: "Latency, 95 %",
          unit: "s",
          queries: [
            {
              expr: "histogram_quantile(0.95, sum by (le) (rate(traefik_entrypoint_request_duration_seconds_bucket[5m])))",
              legend: "requests",
            },
          ],
        },
        {
          title: "Open connections",
          unit: "short",
          queries: [{ expr: "sum by (entrypoint) (traefik_open_connections)", legend: "{{entrypoint}}" }],
        },
        {
          title: "Healthy servers",
          unit: "short",
          queries: [{ expr: "sum by (exported_service) (traefik_service_server_up)", legend: "{{exported_service}}" }],
        },
      ],
    },
  };
}
