import { beforeAll, describe, expect, it } from "vitest";
import { record, type Recording } from "../../cli/kit/record.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { holdsSecret } from "../../components/model/secret-mark.ts";
import { Stack } from "../../components/stack/stack.ts";
import { settingsOf, stackOf } from "../support/record/stacks.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";

const CONTAINER = "docker:index/container:Container";

/** A Docker host that serves the public, with replicas. */
const PUBLIC_HOST = {
  domain: "example.com",
  proxy: { bind: "public" },
  app: { replicas: 3 },
  host: { memory: "8Gi", disk: "30Gi" },
};

describe.each(["dev", "prod"])("the recorded Docker stack %s", (stack) => {
  let settings: Settings;
  let recording: Recording<Stack>;
  const containers = () =>
    recording.resources.filter(({ type }) => type === CONTAINER).map(({ inputs }) => inputs as RecordedContainer);

  beforeAll(async () => {
    settings = stack === "dev" ? settingsFromFile(".", "apprun", stack) : settingsOf(PUBLIC_HOST, stack);
    recording = await record(settings.identity, () => new Stack(settings));
  });

  it("has exactly these resources", async () => {
    const names = recording.resources.map(({ type, name }) => `${type} ${name}`).sort();
    await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(`golden/docker-${stack}.txt`);
  });

  it("has no Docker resource without the platform's provider", () => {
    const docker = recording.resources.filter(({ type }) => type.startsWith("docker:"));
    expect(docker.length).toBeGreaterThan(containers().length);
    expect(
      docker.filter(({ provider }) => !provider.includes("pulumi:providers:docker::docker::")).map(({ name }) => name),
    ).toEqual([]);
  });

  it("limits, labels, hardens and rotates the log of every container", () => {
    for (const container of containers()) {
      expect(container, container.name).toMatchObject({
        logDriver: "json-file",
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
      });
      expect(container.memory, container.name).toBeGreaterThan(0);
      expect(container.memorySwap, container.name).toBe(container.memory);
      expect(Number(container.cpus), container.name).toBeGreaterThan(0);
      expect(
        container.labels?.map(({ label }) => label),
        container.name,
      ).toEqual(["io.apprun.managed-by", "io.apprun.role", "io.apprun.service", "io.apprun.stack"]);
      expect(container.privileged, container.name).toBeUndefined();
      expect(
        container.volumes?.some(({ hostPath }) => hostPath !== undefined),
        container.name,
      ).toBe(false);
    }
  });

  it("waits for the health of every service and stops it with grace", () => {
    const services = containers().filter(({ attach }) => attach !== true);
    const running = recording.result.inventory.workloads
      .filter(({ kind }) => kind !== "job")
      .flatMap(({ instances }) => instances);
    expect(services.map(({ name }) => name).sort()).toEqual([...running].sort());
    for (const service of services) {
      expect(service, service.name).toMatchObject({ wait: true, restart: "unless-stopped" });
      expect(service.healthcheck?.tests?.length, service.name).toBeGreaterThan(1);
      expect(service.destroyGraceSeconds, service.name).toBeGreaterThanOrEqual(30);
      expect(service.stopTimeout, service.name).toBe(service.destroyGraceSeconds);
    }
  });

  it("puts no secret into environment, command, labels or plain files: only into files below /run/secrets", () => {
    let secretFiles = 0;
    for (const { uploads = [], ...container } of containers()) {
      expect(holdsSecret(JSON.stringify(container)), container.name).toBe(false);
      for (const { file, content = "" } of uploads)
        if (holdsSecret(content)) {
          expect(file).toMatch(/^\/run\/secrets\//);
          secretFiles += 1;
        }
    }
    expect(secretFiles).toBeGreaterThan(0);
  });

  it("publishes the proxy only", () => {
    const published = containers().flatMap(({ name, ports = [] }) =>
      ports.map(({ ip, external }) => `${name} ${ip}:${external}`),
    );
    expect(published).toEqual(
      stack === "prod"
        ? ["apprun-prod-proxy 0.0.0.0:80", "apprun-prod-proxy 127.0.0.1:10080"]
        : ["apprun-dev-proxy 127.0.0.1:8000"],
    );
  });

  it("carries none of the seeds' bad values", () => {
    // The provider alone has the engine's address.
    const text = JSON.stringify(recording.resources.filter(({ type }) => type !== "pulumi:providers:docker"));
    for (const bad of [
      ":latest",
      "admin/admin",
      '"--dev"',
      "POSTGRES_PASSWORD=",
      "GF_SECURITY_ADMIN_PASSWORD=",
      "password@postgres",
      'docker.sock",',
    ])
      expect(text.includes(bad), bad).toBe(false);
  });

  it("has the same budget as its containers' limits", async () => {
    const { budget, total } = await import("../../components/stack/budget.ts");
    const services = containers().filter(({ attach }) => attach !== true);
    expect(total(budget(settings), "memory")).toBe(services.reduce((sum, { memory = 0 }) => sum + memory, 0));
  });
});

describe("a stack", () => {
  const names = ({ result }: Recording<Stack>) => result.inventory.workloads.map(({ name }) => name);

  it("leaves out what is switched off, and the app does not hear of it", async () => {
    const recording = await stackOf({
      temporal: { enabled: false },
      grafana: { enabled: false },
      prometheus: { enabled: false },
      backup: { enabled: false },
    });
    expect(names(recording)).toEqual([
      "proxy",
      "postgres",
      "postgres-provision",
      "cache",
      "kratos-migrate",
      "kratos",
      "apprun",
      "proxy-routes",
    ]);
    const app = recording.resources.find(({ name, type }) => name === "apprun" && type === CONTAINER)
      ?.inputs as RecordedContainer;
    expect(app.envs?.filter((line) => /TEMPORAL|WATERFLOW/.test(line))).toEqual([]);
    expect(Object.keys(recording.result.urls)).toEqual(["app", "api", "websocket", "auth"]);
  });

  it("shares no name and no port with another on the same host", async () => {
    const shared = async (stack: string) => {
      const { resources, result } = await stackOf({}, stack);
      const physical = resources
        .filter(({ type }) => /container:|network:|volume:/.test(type))
        .map(({ type, inputs }) => `${type} ${String(inputs["name"])}`);
      return [
        ...physical,
        ...result.inventory.workloads.flatMap(({ ports }) => ports.flatMap(({ listens }) => listens ?? [])),
      ];
    };
    const [one, two] = [await shared("pr-1"), await shared("pr-2")];
    expect(one.filter((item) => two.includes(item))).toEqual([]);
    expect(one).toHaveLength(two.length);
  });

  it("starts what waits only after what it waits for", async () => {
    const { result } = await stackOf({});
    const order = names({ result } as Recording<Stack>);
    for (const { name, startsAfter } of result.inventory.workloads)
      for (const before of startsAfter)
        expect(order.indexOf(before.name), `${before.name} before ${name}`).toBeLessThan(order.indexOf(name));
    expect(result.inventory.workloads.find(({ name }) => name === "kratos")?.startsAfter).toEqual([
      { name: "kratos-migrate", kind: "job" },
    ]);
  });

  it("runs replicas of the app behind the proxy", async () => {
    const { result, resources } = await stackOf({ app: { replicas: 3, storage: "1Gi" }, host: { memory: "8Gi" } });
    expect(result.inventory.workloads.find(({ name }) => name === "apprun")?.instances).toEqual([
      "apprun-dev-apprun-1",
      "apprun-dev-apprun-2",
      "apprun-dev-apprun-3",
    ]);
    const routes = resources.find(({ name, type }) => name === "proxy-routes" && type === CONTAINER)
      ?.inputs as RecordedContainer;
    for (const replica of ["apprun-1", "apprun-2", "apprun-3"])
      expect(routes.uploads?.[0]?.content).toContain(`http://${replica}:8080`);
  });
});
