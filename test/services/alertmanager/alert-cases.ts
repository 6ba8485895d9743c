import { labelsOf, series, type AlertCase } from "../alert-case.ts";

const alertmanager = labelsOf("alertmanager", "alertmanager:9093");

export const CASES: readonly AlertCase[] = [
  {
    alert: "AlertmanagerNotificationsFailing",
    firing: {
      series: series("alertmanager_notifications_failed_total", { ...alertmanager, integration: "webhook" }, "0+60x30"),
      at: "20m",
      labels: { integration: "webhook" },
      description: "1 messages a second to webhook fail.",
    },
    quiet: {
      series: series("alertmanager_notifications_failed_total", { ...alertmanager, integration: "webhook" }, "2x30"),
      at: "20m",
    },
  },
  {
    alert: "AlertmanagerConfigReloadFailed",
    firing: {
      series: series("alertmanager_config_last_reload_successful", alertmanager, "0x20"),
      at: "10m",
      labels: { job: "alertmanager", instance: "alertmanager:9093" },
      description: "The last load of its configuration failed (successful is 0).",
    },
    quiet: { series: series("alertmanager_config_last_reload_successful", alertmanager, "1x20"), at: "10m" },
  },
];
