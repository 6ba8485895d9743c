import { beforeAll, describe, expect, it } from "vitest";
import { planOf, type Plan } from "../../../cli/kit/plan.ts";
import { planPage } from "../../../cli/render/plan-page.ts";
import { settingsOf, stackOf } from "../../support/record/stacks.ts";

let plan: Plan;
const planned = (changes: Partial<Plan> = {}): Plan => ({ ...plan, ...changes });

beforeAll(async () => {
  plan = planOf({ stack: "dev", settings: settingsOf({}), recording: await stackOf({}) });
});

describe("the page of a plan", () => {
  it("has every table of the plan with a heading that names it, and the diagram", () => {
    const page = planPage(planned(), "<svg>drawn</svg>");
    const titles = [...page.matchAll(/<h2 id="([^"]+)">([^<]+)<\/h2>/g)].map(([, id, title]) => [id, title]);
    expect(titles).toEqual([
      ["findings", "Policies"],
      ["diagram", "Diagram"],
      ["budget", "Budget of the host"],
      ["start-order", "Start order"],
      ["ports-on-the-host", "Ports on the host"],
      ["volumes", "Volumes"],
      ["limits-of-scale", "Limits of scale"],
      ["limits-against-the-host", "Limits against the host"],
      ["pages", "Pages"],
    ]);
    for (const [id] of titles) expect(page).toContain(`aria-labelledby="${id}"`);
    expect(page).toContain("<svg>drawn</svg>");
    expect(page).toContain("<td>postgres-provision</td>");
  });

  it("loads and runs nothing: no script, and nothing from elsewhere", () => {
    const page = planPage(planned(), "");
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|\bsrc=|@import|url\(/);
  });

  it("shows what a policy and an operator wrote as text", () => {
    const finding = { policy: "x", enforcement: "mandatory", message: 'got <b>"a"&</b>', accepted: "<i>" } as const;
    const page = planPage(planned({ findings: [finding] }), "");
    expect(page).toContain(
      '<li><span class="mandatory">x (mandatory)</span>: got &lt;b&gt;&quot;a&quot;&amp;&lt;/b&gt; <em>Accepted: &lt;i&gt;</em></li>',
    );
  });

  it.each([
    [512, 'low="1024" high="1024" optimum="0" max="1024" value="512">512Mi of 1Gi</meter><span>512Mi of 1Gi</span>'],
    [
      2048,
      'low="1024" high="1024" optimum="0" max="2048" value="2048">2Gi of 1Gi</meter><span>2Gi of 1Gi, more than the host has</span>',
    ],
  ])("shows %i MiB of a host with 1 GiB as a bar", (memory, bar) => {
    const sizes = { host: { cpu: 1000, memory: 1024, disk: 1024 }, sum: { cpu: 0, memory, disk: 0 } };
    expect(planPage(planned(sizes), "")).toContain(`<meter id="bar-memory" min="0" ${bar}`);
  });

  it("does not call CPU that services share more than there is bad", () => {
    const sizes = { host: { cpu: 1000, memory: 1, disk: 1 }, sum: { cpu: 2000, memory: 0, disk: 0 } };
    expect(planPage(planned(sizes), "")).toContain(
      'low="1000" high="2000" optimum="0" max="2000" value="2000">2 of 1</meter><span>2 of 1: services share it</span>',
    );
  });

  it("has no bars on a cluster, whose scheduler decides", () => {
    const { host: _host, ...elsewhere } = planned();
    expect(planPage(elsewhere, "")).not.toContain("<meter");
  });
});
