import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import { findingsOf } from "../../../cli/kit/policies.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { configMapsOf, filesOf } from "../../support/record/monitoring.ts";
import { messageOf } from "../../support/record/settings.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const IMAGE = { registry: "ghcr.io", repository: "example/shop", tag: "1.4.2", uid: 1000, gid: 2000 };
const APP = {
  image: { ...IMAGE, probeTool: "wget" },
  port: 3000,
  paths: { health: "/live", ready: "/ready", metrics: "/stats" },
  command: ["serve", "--all"],
};

/** Every text of a recording, in which a number or a path would show. */
const textOf = ({ resources }: Recording<Stack>) => JSON.stringify(resources);

describe("an image, port, paths and command of your own, on a Docker host", () => {
  let recording: Recording<Stack>;
  let container: RecordedContainer;
  beforeAll(async () => {
    recording = await stackOf({ app: APP });
    container = inputsOf(recording, "docker:index/container:Container", "apprun");
  });

  it("run as that image's user, with its command and a health check by its tool", () => {
    expect(container).toMatchObject({
      image: "ghcr.io/example/shop:1.4.2",
      user: "1000:2000",
      command: ["serve", "--all"],
      healthcheck: { tests: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/live"] },
    });
  });

  it("are what the proxy asks and leads to, and what Prometheus scrapes", () => {
    const routes = [...filesOf(recording, "proxy-routes").values(), ...filesOf(recording, "proxy").values()].join();
    expect(textOf(recording)).toContain("http://apprun:3000");
    expect(routes + textOf(recording)).toContain("/ready");
    const prometheus = filesOf(recording, "prometheus").get("/etc/prometheus/prometheus.yml");
    expect(prometheus).toContain("metrics_path: /stats");
    expect(textOf(recording)).not.toContain("apprun:8080");
  });

  it("pass the policy of images", () => {
    const findings = findingsOf({ stack: "dev", settings: settingsOf({ app: APP }), recording });
    expect(findings.filter(({ policy }) => policy === "image-catalogue")).toEqual([]);
  });
});

describe("the same on Kubernetes", () => {
  it("are the pod's, and the only port that is let in", async () => {
    const recording = await stackOf({ platform: "kubernetes", app: APP });
    const { spec } = inputsOf<{ spec: { template: { spec: { containers: object[]; securityContext: object } } } }>(
      recording,
      "kubernetes:apps/v1:Deployment",
      "apprun",
    );
    expect(spec.template.spec.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 2000, fsGroup: 2000 });
    expect(spec.template.spec.containers).toMatchObject([
      {
        image: "ghcr.io/example/shop:1.4.2",
        args: ["serve", "--all"],
        ports: [{ containerPort: 3000 }],
        startupProbe: { httpGet: { path: "/live" } },
        readinessProbe: { httpGet: { path: "/ready" } },
      },
    ]);
    const policies = recording.resources.filter(({ type }) => type.endsWith(":NetworkPolicy"));
    const toApp = policies.filter(({ name }) => name.includes("apprun"));
    expect(JSON.stringify(toApp)).toContain("3000");
    expect(JSON.stringify(toApp)).not.toContain('"port":8080');
  });
});

describe("metrics", () => {
  const about = (files: ReadonlyMap<string, string>) => [...files.values()].join("\n");

  it("that the app does not have are neither scraped nor in an alert or a panel", async () => {
    const values = { app: { paths: { metrics: "none" } }, grafana: { enabled: true }, alerting: { enabled: true } };
    const docker = await stackOf(values);
    const kubernetes = await stackOf({ platform: "kubernetes", ...values });
    const texts = [
      ...["prometheus", "grafana", "alertmanager"].map((name) => about(filesOf(docker, name))),
      about(configMapsOf(kubernetes)),
    ];
    for (const text of texts) {
      expect(text).not.toMatch(/apprun_(http|workflow|function|db|memory)_/);
      expect(text).not.toMatch(/job="apprun"|job_name: apprun$/m);
      expect(text).not.toContain("ApprunDown");
    }
  });

  it("of other names than the contract's are scraped, and only the absence of an answer is an alert", async () => {
    const files = filesOf(await stackOf({ app: { contractMetrics: false } }), "prometheus");
    expect(about(files)).toContain("ApprunDown");
    expect(about(files)).toMatch(/job_name: apprun$/m);
    expect(about(files)).not.toMatch(/apprun_(http|workflow|function|db|memory)_/);
  });
});

describe("a command of the image tells whether the app is healthy", () => {
  it("in place of HTTP, and the proxy asks nothing", async () => {
    const app = { image: { ...IMAGE, probeCommand: ["/app/shop", "health"] }, paths: { health: "none" } };
    const recording = await stackOf({ app });
    expect(
      inputsOf<RecordedContainer>(recording, "docker:index/container:Container", "apprun").healthcheck,
    ).toMatchObject({ tests: ["CMD", "/app/shop", "health"] });
    expect(textOf(recording)).not.toContain("healthCheck");
  });
});

describe("an own image is refused", () => {
  it.each<[Record<string, unknown>, string]>([
    [
      { app: { image: { ...APP.image, tag: "latest" } } },
      '  apprun:app.image.tag: got "latest"; allowed: a tag that names one version, such as "1.4.2"; change it',
    ],
    [
      { app: { image: APP.image }, images: { pins: { apprun: { tag: "1.1.0" } } } },
      "  apprun:images.pins.apprun: got a map; allowed: nothing with app.image; set tag and digest in app.image",
    ],
    [
      { app: { image: IMAGE } },
      "  apprun:app.image: got neither probeTool nor probeCommand; allowed: one of them on a Docker host, which runs health checks inside the container; name what the image has",
    ],
    [
      { app: { image: { ...APP.image, probeCommand: ["true"] } } },
      "  apprun:app.image.probeCommand: got a list; allowed: nothing with app.image.probeTool; remove one of the two",
    ],
    [
      { app: { image: { ...APP.image, uid: 0 } } },
      "  apprun:app.image.uid: got 0; allowed: a whole number from 1 to 2147483647; change it",
    ],
    [
      { app: { image: { ...APP.image, repository: "Example/shop" } } },
      '  apprun:app.image.repository: got "Example/shop"; allowed: a path below the registry such as "example/shop"; change it',
    ],
    [
      { app: { image: { ...APP.image, registry: "https://ghcr.io" } } },
      '  apprun:app.image.registry: got "https://ghcr.io"; allowed: a registry\'s host such as "ghcr.io" or "registry.example.com:5000"; change it',
    ],
    [
      { app: { paths: { health: "none" } } },
      '  apprun:app.paths.health: got "none"; allowed: a path, unless app.image.probeCommand tells whether the app is healthy; name the path or the command',
    ],
    [
      { app: { paths: { metrics: "metrics" } } },
      '  apprun:app.paths.metrics: got "metrics"; allowed: a path such as "/health", or "none"; change it',
    ],
    [
      { app: { command: "serve" } },
      '  apprun:app.command: got "serve"; allowed: a list of words such as ["serve", "--verbose"]; change it',
    ],
  ])("as %j", (values, line) => {
    expect(messageOf(values)).toContain(line);
  });
});
