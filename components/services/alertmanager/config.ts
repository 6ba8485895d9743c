import { stringify } from "yaml";
import type { Observability } from "../../model/observability.ts";
import type { Duration } from "../../model/units.ts";
import { alertsOf, dependentsOf, type Need } from "../kit/observability.ts";

/** Where messages go, by the file that holds each one's secret. */
export interface ReceiverFiles {
  readonly webhook?: string;
  readonly slack?: string;
  readonly feishu?: string;
  readonly dingtalk?: string;
  /** Called every few minutes while alerting works. */
  readonly heartbeat?: string;
  /** Password towards the mail server. */
  readonly email?: string;
}

/** How mails are sent; without a password where the server takes none. */
export interface MailSettings {
  readonly to: string;
  readonly from: string;
  /** `host:port` of the mail server. */
  readonly smarthost: string;
  /** @default - no log-in */
  readonly username?: string | undefined;
  readonly requireTls: boolean;
}

export interface AlertmanagerConfigArgs {
  readonly observabilities: readonly Observability[];
  /** Who needs whom, for muting what follows from a known cause. */
  readonly needs: readonly Need[];
  readonly files: ReceiverFiles;
  readonly email?: MailSettings | undefined;
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
}

/**
 * The dead man's switch hears every 5 minutes that all is well. A message that
 * goes on is sent again with the first group interval that ends after the repeat
 * interval, never at its end: of two equal ones it is the second.
 */
const HEARTBEAT = { group_wait: "0s", group_interval: "1m", repeat_interval: "4m30s" };

/** alertmanager.yml; secrets are in the files that it names. */
export function alertmanagerConfiguration(args: AlertmanagerConfigArgs): string {
  const { files, groupWait, groupInterval, repeatInterval } = args;
  return stringify(
    {
      route: {
        receiver: "operators",
        group_by: ["alertname", "service"],
        group_wait: groupWait,
        group_interval: groupInterval,
        repeat_interval: repeatInterval,
        routes: [
          { matchers: ['alertname="Watchdog"'], receiver: "heartbeat", ...HEARTBEAT },
          { matchers: ['severity="info"'], receiver: "nobody" },
          { matchers: ['severity="warning"'], repeat_interval: "24h" },
        ],
      },
      inhibit_rules: inhibitRules(args),
      receivers: [
        { name: "operators", ...operators(args) },
        {
          name: "heartbeat",
          ...(files.heartbeat && { webhook_configs: [{ url_file: files.heartbeat, send_resolved: false }] }),
        },
        { name: "nobody" },
      ],
    },
    { lineWidth: 0 },
  );
}

/** One rule for each alert that says more than others about the same service, and one for each whose symptoms others show. */
export function inhibitRules({
  observabilities,
  needs,
}: Pick<AlertmanagerConfigArgs, "observabilities" | "needs">): readonly object[] {
  const oneOf = (label: string, values: readonly string[]) => `${label}=~"${values.join("|")}"`;
  const alerts = alertsOf(observabilities);
  return alerts.flatMap(({ name, service, mutes = [], mutesSame = [], mutesDependents = false }) => {
    const source = [`alertname="${name}"`];
    const dependents = mutesDependents ? dependentsOf(service, needs) : [];
    const symptoms = alerts
      .filter((alert) => alert.symptom === true && (alert.aboutTarget === true || dependents.includes(alert.service)))
      .map((alert) => alert.name);
    return [
      ...(mutes.length > 0
        ? [{ source_matchers: source, target_matchers: [oneOf("alertname", mutes)], equal: ["service", ...mutesSame] }]
        : []),
      ...(dependents.length > 0 && symptoms.length > 0
        ? [
            {
              source_matchers: source,
              target_matchers: [oneOf("service", dependents), oneOf("alertname", symptoms.sort())],
            },
          ]
        : []),
    ];
  });
}

const TEXT =
  "{{ range .Alerts }}[{{ .Status }}] {{ .Labels.severity }}, {{ .Labels.stack }}/{{ .Labels.service }}: {{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}";

/** Each integration that has its secret. */
function operators({ files, email }: AlertmanagerConfigArgs): object {
  const webhooks = [
    ...(files.webhook === undefined ? [] : [{ url_file: files.webhook }]),
    ...(files.feishu === undefined
      ? []
      : [{ url_file: files.feishu, payload: { msg_type: "text", content: { text: TEXT } } }]),
    ...(files.dingtalk === undefined
      ? []
      : [{ url_file: files.dingtalk, payload: { msgtype: "text", text: { content: TEXT } } }]),
  ];
  return {
    ...(webhooks.length > 0 && { webhook_configs: webhooks.map((webhook) => ({ send_resolved: true, ...webhook })) }),
    ...(files.slack && {
      slack_configs: [
        { api_url_file: files.slack, send_resolved: true, title: "{{ .CommonLabels.alertname }}", text: TEXT },
      ],
    }),
    ...(email && { email_configs: [mail(email, files.email)] }),
  };
}

function mail({ to, from, smarthost, username, requireTls }: MailSettings, passwordFile: string | undefined): object {
  return {
    to,
    from,
    smarthost,
    require_tls: requireTls,
    send_resolved: true,
    ...(username && { auth_username: username, auth_identity: username, auth_password_file: passwordFile }),
  };
}
