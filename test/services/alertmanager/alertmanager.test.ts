import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inhibitRules } from "../../../components/services/alertmanager/config.ts";
import { has, recordedFiles, run, temporaryDirectory, type Files } from "../../support/record/monitoring.ts";

const CONFIG = "/etc/alertmanager/alertmanager.yml";
const SECRETS = {
  alertWebhookUrl: secret("https://hook.example.com/token-1"),
  alertSlackUrl: secret("https://slack.example.com/token-2"),
  alertFeishuUrl: secret("https://feishu.example.com/token-3"),
  alertDingtalkUrl: secret("https://dingtalk.example.com/token-4"),
  alertHeartbeatUrl: secret("https://heartbeat.example.com/token-5"),
  alertEmailPassword: secret("token-6"),
};
const EMAIL = { to: "operators@example.com", from: "apprun@example.com", smarthost: "mail.example.com:587", username: "apprun" };

interface Config {
  readonly route: { readonly receiver: string; readonly routes: readonly { readonly matchers: readonly string[]; readonly receiver?: string }[] };
  readonly receivers: readonly Record<string, unknown>[];
  readonly inhibit_rules: readonly { readonly source_matchers: string[]; readonly target_matchers: string[]; readonly equal?: string[] }[];
}

describe("Alertmanager with every receiver", () => {
  let files: Files;
  let config: Config;
  beforeAll(async () => {
    files = (await recordedFiles({ alerting: { email: EMAIL } }, SECRETS))("alertmanager");
    config = parse(files.get(CONFIG) ?? "") as Config;
  });

  it("names files for what is secret, and holds none of it", () => {
    expect(files.get(CONFIG)).not.toMatch(/token-|https:/);
    expect([...files.keys()].filter((path) => path !== CONFIG)).toEqual(
      ["dingtalk", "email", "feishu", "heartbeat", "slack", "webhook"].map((receiver) => `/run/secrets/alert-${receiver}`),
    );
    expect(files.get("/run/secrets/alert-feishu")).toBe("https://feishu.example.com/token-3");
  });

  it("sends to all of them, in the form that each takes", () => {
    const operators = config.receivers.find(({ name }) => name === "operators") as Record<string, Record<string, unknown>[]>;
    expect(operators["webhook_configs"]?.map(({ url_file, payload }) => [url_file, Object.keys(payload ?? {})])).toEqual([
      ["/run/secrets/alert-webhook", []],
      ["/run/secrets/alert-feishu", ["msg_type", "content"]],
      ["/run/secrets/alert-dingtalk", ["msgtype", "text"]],
    ]);
    expect(operators["slack_configs"]).toMatchObject([{ api_url_file: "/run/secrets/alert-slack" }]);
    expect(operators["email_configs"]).toMatchObject([
      { to: EMAIL.to, auth_username: "apprun", auth_password_file: "/run/secrets/alert-email", require_tls: true },
    ]);
  });

  it("sends the heartbeat to its own receiver, information to nobody, the rest to operators", () => {
    expect(config.route.receiver).toBe("operators");
    expect(config.route.routes.map(({ matchers, receiver }) => [matchers[0], receiver])).toEqual([
      ['alertname="Watchdog"', "heartbeat"],
      ['severity="info"', "nobody"],
      ['severity="warning"', undefined],
    ]);
  });

  it("mutes what needs PostgreSQL while PostgreSQL is down, and nothing that only watches it", () => {
    expect(config.inhibit_rules.filter(({ source_matchers }) => source_matchers[0] === 'alertname="PostgresDown"')).toEqual([
      { source_matchers: ['alertname="PostgresDown"'], target_matchers: ['alertname=~"TargetDown"'], equal: ["service"] },
      { source_matchers: ['alertname="PostgresDown"'], target_matchers: ['service=~"apprun|kratos|temporal|temporal-ui"'] },
    ]);
  });

  it.skipIf(!has("amtool"))("is taken by amtool (skipped where it is not on PATH)", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "alertmanager.yml"), files.get(CONFIG) ?? "");
    expect(run("amtool", ["check-config", "alertmanager.yml"], directory)).toMatchObject({ code: 0 });
    const route = (...labels: string[]) => run("amtool", ["config", "routes", "test", "--config.file=alertmanager.yml", ...labels], directory).output.trim();
    expect(route("alertname=Watchdog", "severity=info")).toBe("heartbeat");
    expect(route("alertname=ApprunDown", "severity=critical")).toBe("operators");
    expect(route("alertname=HighLatency", "severity=warning")).toBe("operators");
    expect(route("alertname=ContractMetricMissing", "severity=info")).toBe("nobody");
  });
});

it("a stack without receivers still has a configuration that amtool takes, and sends nothing", async () => {
  const config = parse((await recordedFiles({}))("alertmanager").get(CONFIG) ?? "") as Config;
  expect(config.receivers).toEqual([{ name: "operators" }, { name: "heartbeat" }, { name: "nobody" }]);
});

it("an alert mutes only what is named, for the same service, and dependents through any number of steps", () => {
  const alert = (name: string, more: object = {}) => ({ name, expr: "up", severity: "critical" as const, summary: "", description: "", ...more });
  const observabilities = [
    { service: "db", alerts: [alert("DbDown", { mutesDependents: true }), alert("DbSlow")] },
    { service: "web", alerts: [alert("WebDown", { mutes: ["WebSlow"], mutesDependents: true })] },
  ];
  const needs = [
    ["api", "db"],
    ["web", "api"],
  ] as const;
  expect(inhibitRules({ observabilities, needs })).toEqual([
    { source_matchers: ['alertname="DbDown"'], target_matchers: ['service=~"api|web"'] },
    { source_matchers: ['alertname="WebDown"'], target_matchers: ['alertname=~"WebSlow"'], equal: ["service"] },
  ]);
});
