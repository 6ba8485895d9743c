import { parse } from "yaml";
import { configMapsOf, filesOf } from "../../test/support/record/monitoring.ts";
import { named } from "./everything.ts";
import { table, type Page } from "./page.ts";

const HEAD = `# Alerts

Written by \`npm run generate\` from what the services declare; a test fails when it is out of date. [Observability](observability.md) says who hears of them.

`;

interface Groups {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert?: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Every alert of a stack with everything on. */
export const alerts: Page = {
  file: "docs/alerts.md",
  content: async () => {
    const found = await named((recording, target) => {
      const text =
        target === "docker"
          ? filesOf(recording, "prometheus").get("/etc/prometheus/rules.yml")
          : configMapsOf(recording).get("etc_prometheus_rules.yml");
      const { groups } = parse(text ?? "groups: []") as Groups;
      return groups.flatMap(({ name: service, rules }) =>
        rules.flatMap(({ alert, labels, annotations }) =>
          alert === undefined
            ? []
            : [
                [
                  alert,
                  { service, severity: labels["severity"] ?? "", summary: annotations["summary"] ?? "" },
                ] as const,
              ],
        ),
      );
    });
    const rows = found.map(({ name, on, fact: { service, severity, summary } }) => [
      `[${name}](runbooks/${name}.md)`,
      severity,
      service,
      on,
      summary,
    ]);
    return HEAD + table([["alert and its runbook", "severity", "group", "target", "says"], ...rows]);
  },
};
