import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inhibitRules } from "../../../components/services/alertmanager/config.ts";
import { recordedConfigMaps, recordedFiles, type Files } from "../../support/record/monitoring.ts";
import { run, temporaryDirectory, without } from "../../support/run/tools.ts";

const CONFIG = "/etc/alertmanager/alertmanager.yml";
const SECRETS = {
  alertWebhookUrl: secret("https://hook.example.com/token-1"),
  alertSlackUrl: secret("https://slack.example.com/token-2"),
  alertFeishuUrl: secret("https://feishu.example.com/token-3"),
  alertDingtalkUrl: secret("https://dingtalk.example.com/token-4"),
  alertHeartbeatUrl: secret("https://heartbeat.example.com/token-5"),
  alertEmailPassword: secret("token-6"),
};
const EMAIL = {
  to: "operators@example.com",
  from: "apprun@example.com",
  smarthost: "mail.example.com:587",
  username: "apprun",
};

interface Config {
  readonly route: {
    readonly receiver: string;
    readonly routes: readonly {
      readonly matchers: readonly string[];
      readonly receiver?: string;
      readonly group_interval?: string;
      readonly repeat_interval?: string;
    }[];
  };
  readonly receivers: readonly Record<string, unknown>[];
  readonly inhibit_rules: readonly {
    readonly source_matchers: string[];
    readonly target_matchers: string[];
    readonly equal?: string[];
  }[];
}

/** Alertmanager looks at a group once an interval, and sends again what it sent longer ago than the repeat interval. */
const beat = (group: number, repeat: number) => group * (Math.floor(repeat / group) + 1);
const prometheusSeconds = (span: string) =>
  [...span.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * { h: 3600, m: 60, s: 1 }[unit as "h" | "m" | "s"],
    0,
  );

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
      ["dingtalk", "email", "feishu", "heartbeat", "slack", "webhook"].map(
        (receiver) => `/run/secrets/alert-${receiver}`,
      ),
    );
    expect(files.get("/run/secrets/alert-feishu")).toBe("https://feishu.example.com/token-3");
  });

  it("sends to all of them, in the form that each takes", () => {
    const operators = config.receivers.find(({ name }) => name === "operators") as Record<
      string,
      Record<string, unknown>[]
    >;
    expect(
      operators["webhook_configs"]?.map(({ url_file, payload }) => [url_file, Object.keys(payload ?? {})]),
    ).toEqual([
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

  it("lets the dead man's switch beat every 5 minutes", () => {
    const { group_interval = "", repeat_interval = "" } = config.route.routes[0] ?? {};
    expect(beat(prometheusSeconds(group_interval), prometheusSeconds(repeat_interval))).toBe(300);
    expect(beat(300, 300), "two equal intervals").toBe(600);
    // A message takes a moment, so an interval that ends with the other may count or not.
    expect(prometheusSeconds(repeat_interval) % prometheusSeconds(group_interval)).not.toBe(0);
  });

  it("mutes the symptoms of what needs PostgreSQL while PostgreSQL is down, and nothing that only watches it", () => {
    expect(
      config.inhibit_rules.filter(({ source_matchers }) => source_matchers[0] === 'alertname="PostgresDown"'),
    ).toEqual([
      {
        source_matchers: ['alertname="PostgresDown"'],
        target_matchers: [
          'service=~"apprun|kratos|temporal|temporal-ui"',
          'alertname=~"HighLatency|ProcessRestarting|TemporalPersistenceErrors|TemporalTaskBacklog"',
        ],
      },
    ]);
  });

  it.skipIf(without("amtool"))("is taken by amtool (skipped where it is not on PATH, except in a pipeline)", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "alertmanager.yml"), files.get(CONFIG) ?? "");
    expect(run("amtool", ["check-config", "alertmanager.yml"], directory)).toMatchObject({ code: 0 });
    const route = (...labels: string[]) =>
      run("amtool", ["config", "routes", "test", "--config.file=alertmanager.yml", ...labels], directory).output.trim();
    expect(route("alertname=Watchdog", "severity=info")).toBe("heartbeat");
    expect(route("alertname=ApprunDown", "severity=critical")).toBe("operators");
    expect(route("alertname=HighLatency", "severity=warning")).toBe("operators");
    expect(route("alertname=ContractMetricMissing", "severity=info")).toBe("nobody");
  });
});

describe("while one alert fires, of a stack with everything on, on each platform", () => {
  let rules: Config["inhibit_rules"] = [];
  let severities: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const values = { nats: { enabled: true }, tracing: { enabled: true }, logs: { enabled: true } };
    const files = await recordedFiles(values);
    const maps = await recordedConfigMaps({ ...values, exporters: { kubelets: true } });
    const configurations = [files("alertmanager").get(CONFIG), maps.get("etc_alertmanager_alertmanager.yml")];
    rules = configurations.flatMap((text) => (parse(text ?? "") as Config).inhibit_rules);
    interface Groups {
      readonly groups: readonly {
        readonly rules: readonly { readonly alert?: string; readonly labels?: { readonly severity: string } }[];
      }[];
    }
    const texts = [files("prometheus").get("/etc/prometheus/rules.yml"), maps.get("etc_prometheus_rules.yml")];
    const all = texts.flatMap((text) => (parse(text ?? "") as Groups).groups.flatMap((group) => group.rules));
    severities = new Map(
      all.flatMap(({ alert, labels }) => (alert === undefined ? [] : [[alert, labels?.severity ?? ""]])),
    );
  });

  /** Names that the matchers of a rule pick, each of them anchored as Alertmanager does. */
  const names = (matchers: readonly string[]) => {
    const [, operator = "", value = ".*"] =
      /^alertname(=~?)"(.*)"$/.exec(matchers.find((matcher) => matcher.startsWith("alertname")) ?? "") ?? [];
    return [...severities.keys()].filter((name) =>
      operator === "=" ? name === value : new RegExp(`^(?:${value})$`).test(name),
    );
  };
  const isNeverMuted = (name: string) =>
    name !== "TargetDown" && (/Down$|Budget/.test(name) || severities.get(name) === "critical");

  it("no outage, no used-up budget and nothing urgent of another service is muted", () => {
    const wide = rules.filter(({ equal = [] }) => !equal.includes("service"));
    expect(wide.length).toBeGreaterThan(5);
    expect(wide.flatMap(({ target_matchers }) => names(target_matchers)).filter(isNeverMuted)).toEqual([]);
  });

  it("an outage of the same service is muted by none, except for the one that says the same of any target", () => {
    const muted = rules
      .filter(({ equal = [] }) => equal.includes("service"))
      .flatMap(({ target_matchers }) => names(target_matchers));
    expect([...new Set(muted.filter((name) => name.endsWith("Down")))]).toEqual(["TargetDown"]);
  });

  it("an exporter's silence mutes no more than that its target is down, which says the same", () => {
    const exporters = rules.filter(({ source_matchers }) =>
      names(source_matchers).some((name) => name.includes("Exporter")),
    );
    expect(exporters.map(({ target_matchers, equal }) => [names(target_matchers), equal])).toEqual(
      // Three of them, on either platform.
      Array.from({ length: 6 }, () => [["TargetDown"], ["service"]]),
    );
  });

  it("what is muted is about the same volume and the same node", () => {
    const of = (alert: string) =>
      rules.find(({ source_matchers }) => source_matchers[0] === `alertname="${alert}"`)?.equal;
    expect(of("VolumeNearlyFull")).toEqual(["service", "persistentvolumeclaim"]);
    expect(of("KubeletDown")).toEqual(["service", "instance"]);
  });
});

it("a stack without receivers still has a configuration that amtool takes, and sends nothing", async () => {
  const config = parse((await recordedFiles({}))("alertmanager").get(CONFIG) ?? "") as Config;
  expect(config.receivers).toEqual([{ name: "operators" }, { name: "heartbeat" }, { name: "nobody" }]);
});

it("an alert mutes only what is named, for the same service, and symptoms of dependents through any number of steps", () => {
  const alert = (name: string, more: object = {}) => ({
    name,
    expr: "up",
    severity: "critical" as const,
    summary: "",
    description: "",
    ...more,
  });
  const observabilities = [
    { service: "db", alerts: [alert("DbDown", { mutesDependents: true }), alert("DbSlow", { symptom: true })] },
    { service: "api", alerts: [alert("ApiDown"), alert("ApiSlow", { symptom: true })] },
    {
      service: "web",
      alerts: [
        alert("WebDown", { mutes: ["WebSlow"], mutesSame: ["disk"], mutesDependents: true }),
        alert("WebErrors"),
      ],
    },
    { service: "all", alerts: [alert("Restarting", { symptom: true, aboutTarget: true })] },
    { service: "lone", alerts: [alert("LoneDown", { mutesDependents: true })] },
  ];
  const needs = [
    ["api", "db"],
    ["web", "api"],
  ] as const;
  expect(inhibitRules({ observabilities, needs })).toEqual([
    {
      source_matchers: ['alertname="DbDown"'],
      target_matchers: ['service=~"api|web"', 'alertname=~"ApiSlow|Restarting"'],
    },
    { source_matchers: ['alertname="WebDown"'], target_matchers: ['alertname=~"WebSlow"'], equal: ["service", "disk"] },
  ]);
});
