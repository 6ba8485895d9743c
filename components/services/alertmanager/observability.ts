import type { Observability } from "../../model/observability.ts";

export function alertmanagerObservability(): Observability {
  return {
    service: "alertmanager",
    alerts: [
      {
        name: "AlertmanagerNotificationsFailing",
        expr: "sum by (service, integration) (rate(alertmanager_notifications_failed_total[5m])) > 0",
        for: "10m",
        severity: "critical",
        summary: "Alerts do not reach a receiver",
        description: "{{ $value | humanize }} messages a second to {{ $labels.integration }} fail.",
      },
      {
        name: "AlertmanagerConfigReloadFailed",
        expr: "alertmanager_config_last_reload_successful == 0",
        for: "5m",
        severity: "critical",
        summary: "Alertmanager runs without its configuration",
        description: "The last load of its configuration failed (successful is {{ $value }}).",
      },
    ],
  };
}
