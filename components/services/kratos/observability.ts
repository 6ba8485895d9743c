import type { Observability } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";

/** Its own metrics know requests only; the queue of mails is in its database. */
export function kratosObservability(database: string): Observability {
  const statuses = {
    title: "Kratos: requests per second by status",
    unit: "reqps",
    queries: [{ expr: 'sum by (code) (rate(http_requests_total{job="kratos"}[5m]))', legend: "{{code}}" }],
  } as const;
  return {
    service: "kratos",
    alerts: [
      {
        name: "KratosDown",
        ...unanswered("kratos"),
        severity: "critical",
        summary: "Kratos does not answer: nobody can log in",
        mutesDependents: true,
      },
    ],
    overview: [statuses],
    dashboard: {
      uid: "apprun-kratos",
      title: "Kratos",
      panels: [
        statuses,
        {
          title: "Latency",
          unit: "s",
          queries: [
            {
              expr: 'histogram_quantile(0.95, sum by (le) (rate(http_response_time_seconds_bucket{job="kratos"}[5m])))',
              legend: "95 %",
            },
          ],
        },
      ],
    },
    sql: {
      metrics: [
        {
          name: "kratos_courier",
          database,
          table: "courier_messages",
          columns: ["status", "created_at"],
          // Statuses of the courier: 1 queued, 2 sent, 3 processing, 4 abandoned. Times are in UTC without a zone.
          query: [
            "SELECT count(*) FILTER (WHERE status IN (1, 3)) AS queued",
            "count(*) FILTER (WHERE status = 4) AS abandoned",
            "coalesce(extract(epoch FROM (now() AT TIME ZONE 'utc') - min(created_at) FILTER (WHERE status IN (1, 3))), 0) AS oldest_queued_seconds",
          ].join(", "),
          values: {
            queued: "Mails that wait to be sent.",
            abandoned: "Mails that were given up.",
            oldest_queued_seconds: "How long the oldest mail has waited; 0 without one.",
          },
        },
      ],
      alerts: [
        {
          name: "KratosCourierQueueStuck",
          expr: "kratos_courier_oldest_queued_seconds > 600",
          for: "5m",
          severity: "critical",
          summary: "Kratos does not send mails: recovery and verification do not work",
          description: "The oldest mail has waited for {{ $value | humanizeDuration }}.",
        },
        {
          name: "KratosMailsAbandoned",
          expr: "kratos_courier_abandoned - (kratos_courier_abandoned offset 1h) > 0",
          severity: "warning",
          summary: "Kratos gave up on mails",
          description:
            "{{ $value | humanize }} mails were abandoned within the last hour; their receivers never get them.",
        },
      ],
      panels: [
        {
          title: "Mails",
          unit: "short",
          queries: [
            { expr: "kratos_courier_queued", legend: "queued" },
            { expr: "kratos_courier_abandoned", legend: "abandoned" },
          ],
        },
        {
          title: "Oldest mail in the queue",
          unit: "s",
          queries: [{ expr: "kratos_courier_oldest_queued_seconds", legend: "age" }],
        },
      ],
    },
  };
}
