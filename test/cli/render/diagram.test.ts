import { beforeAll, describe, expect, it } from "vitest";
import { diagramOf, type Diagram } from "../../../cli/render/diagram/diagram.ts";
import { dot } from "../../../cli/render/diagram/dot.ts";
import { mermaid } from "../../../cli/render/diagram/mermaid.ts";
import { svg } from "../../../cli/render/diagram/svg.ts";
import { TARGETS, everything, recordEverything } from "../../everything.ts";

const SMALL: Diagram = {
  stack: "dev",
  outside: ["public"],
  zones: [
    { zone: "edge", nodes: [{ name: "proxy", kind: "workload", details: ["127.0.0.1:8000 loopback"] }] },
    {
      zone: "data",
      nodes: [
        { name: "end", kind: "workload", details: ['5432 "internal"', "2 replicas"] },
        { name: "backup", kind: "schedule", details: [] },
        { name: "migrate", kind: "job", details: [] },
      ],
    },
  ],
  volumes: [{ name: "end", size: "5Gi", retention: "data" }],
  edges: [
    { from: "public", to: "proxy", kind: "enters" },
    { from: "proxy", to: "end", kind: "route", labels: ["dev.localhost", "dev.localhost/ws"] },
    { from: "backup", to: "end", kind: "connects" },
    { from: "end", to: "end", kind: "writes" },
  ],
};

describe("the notations of a diagram", () => {
  it("Mermaid keeps words of its own, and a volume and a service of one name, apart", () => {
    expect(mermaid(SMALL)).toBe(`flowchart LR
  outside-public(("public"))
  subgraph zone-edge["edge"]
    service-proxy["proxy<br>127.0.0.1:8000 loopback"]
  end
  subgraph zone-data["data"]
    service-end["end<br>5432 #quot;internal#quot;<br>2 replicas"]
    service-backup{{"backup"}}
    service-migrate(["migrate"])
  end
  volume-end[("end<br>5Gi, data")]
  outside-public ==> service-proxy
  service-proxy ==>|"dev.localhost<br>dev.localhost/ws"| service-end
  service-backup --> service-end
  service-end -.- volume-end
`);
  });

  it("Graphviz gets every text quoted", () => {
    expect(dot(SMALL)).toContain(
      String.raw`"service end" [label="end\n5432 \"internal\"\n2 replicas", style="filled,rounded"]`,
    );
    expect(dot(SMALL)).toContain('"service end" -> "volume end" [');
  });

  it("an SVG has a name for screen readers, every text, and nothing from elsewhere", async () => {
    const drawn = await svg(SMALL);
    expect(drawn).toMatch(
      /^<svg role="img" aria-label="Stack dev: 4 services in 2 zones, 4 connections" width="\d+pt" height="\d+pt"/,
    );
    for (const text of ["proxy", "dev.localhost/ws", "2 replicas", "5Gi, data"])
      expect(drawn).toContain(`>${text}</text>`);
    expect(drawn.replaceAll(/xmlns(:xlink)?="[^"]*"/g, "")).not.toMatch(/https?:|<script|@import/);
    expect(await svg(SMALL)).toBe(drawn);
  });
});

describe.each(TARGETS)("the stack with everything on, on %s", (target) => {
  let recording: Awaited<ReturnType<typeof recordEverything>>;
  beforeAll(async () => {
    recording = await recordEverything(target);
  });
  const drawn = (options = {}) => diagramOf({ stack: "prod", settings: everything(target), recording }, options);

  it("has a box for every service, and one for every job where they are asked for", () => {
    const { inventory } = recording.result;
    const names = ({ zones }: Diagram) => zones.flatMap(({ nodes }) => nodes.map(({ name }) => name)).sort();
    const of = (kinds: string[]) =>
      inventory.workloads
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ name }) => name)
        .sort();
    expect(names(drawn())).toEqual(of(["workload", "schedule"]));
    expect(names(drawn({ jobs: true }))).toEqual(of(["workload", "schedule", "job"]));
  });

  it("has every page, every arrow between what is shown, and every volume of data", () => {
    const { inventory, urls } = recording.result;
    const { edges, volumes } = drawn();
    const labels = edges.flatMap(({ labels: own = [] }) => own);
    expect(labels.sort()).toEqual(
      Object.values(urls)
        .map((url) => url.replace(/^https?:\/\//, "").replace(/\/$/, ""))
        .sort(),
    );
    const services = inventory.workloads.filter(({ kind }) => kind !== "job");
    const arrows = services.flatMap(({ name, connectsTo }) =>
      connectsTo.filter((to) => services.some((each) => each.name === to)).map((to) => `${name} ${to}`),
    );
    expect(edges.filter(({ kind }) => kind === "connects").map(({ from, to }) => `${from} ${to}`)).toEqual(arrows);
    const data = inventory.volumes.filter(({ retention }) => retention === "data").map(({ name }) => name);
    expect(data.filter((name) => !volumes.some((volume) => volume.name === name))).toEqual([]);
  });

  it("enters through the one that listens on the host, and on a cluster at each page", () => {
    const entered = drawn()
      .edges.filter(({ kind }) => kind === "enters")
      .map(({ to }) => to);
    if (target === "docker") expect(new Set(entered)).toEqual(new Set(["proxy"]));
    else expect(entered).toContain("apprun");
  });
});
