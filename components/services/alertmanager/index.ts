import { prometheusImage } from "../kit/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { prometheus } from "../prometheus/settings.ts";
import type { Service } from "../service.ts";
import { alertingRules } from "./rules.ts";
import { alerting } from "./settings.ts";

/** The port of its pages and of its API. */
export const ALERTMANAGER_PORT = 9093;

type Own = Slice<{ alerting: typeof alerting; prometheus: typeof prometheus }>;

export const alertmanager = {
  name: "alertmanager",
  title: "Alertmanager",
  purpose: "Sends alerts to people: by mail, to Slack, Feishu or DingTalk, or to a webhook.",
  guides: ["observability.md"],
  settings: { alerting },
  images: {
    alertmanager: {
      registry: HUB,
      repository: "prom/alertmanager",
      tag: "v0.34.2",
      platforms: BOTH_PLATFORMS,
      sources: prometheusImage("2026-11-28", "https://github.com/prometheus/alertmanager/blob/v0.34.0", "Makefile"),
      probeTool: "wget",
      uid: 65534,
      gid: 65534,
    },
  },
  givenSecrets: {
    alertWebhookUrl: "Webhook that gets alerts in Alertmanager's own form",
    alertSlackUrl: "Incoming webhook of Slack for alerts",
    alertFeishuUrl: "Webhook of a Feishu bot for alerts",
    alertDingtalkUrl: "Webhook of a DingTalk robot for alerts",
    alertHeartbeatUrl: "Dead man's switch: called every five minutes while alerting works",
    alertEmailPassword: "Password of alerting.email.username",
  },
  rules: alertingRules,
  outsideServers: ({ alerting: { email } }: Own) => [
    { setting: "alerting.email.smarthost", at: email && `smtp://${email.smarthost}` },
  ],
  sizes: ({ alerting: { enabled, resources, storage }, prometheus }: Own): readonly Size[] =>
    prometheus.enabled && enabled ? [{ workload: "alertmanager", resources, volumes: { alertmanager: storage } }] : [],
  pages: [
    {
      name: "alertmanager",
      label: "alertmanager",
      port: ALERTMANAGER_PORT,
      audience: "team",
      rate: "operator",
      on: ({ alerting: own, prometheus }: Own) => prometheus.enabled && own.enabled,
    },
  ],
} as const satisfies Service;
