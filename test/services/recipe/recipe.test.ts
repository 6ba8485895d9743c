import { ComponentResource, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { record } from "../../../cli/kit/record.ts";
import { chooseImage } from "../../../components/model/images.ts";
import { createPlatform } from "../../../components/platform/create.ts";
import { merged, selectImage, SERVICES } from "../../../components/services/catalogue.ts";
import { dashboardsOf } from "../../../components/services/grafana/dashboards.ts";
import { gather } from "../../../components/services/kit/made.ts";
import { alertsOf, observabilityOf } from "../../../components/services/kit/observability.ts";
import { Prometheus } from "../../../components/services/prometheus/prometheus.ts";
import type { Service } from "../../../components/services/service.ts";
import { budget } from "../../../components/stack/budget.ts";
import { databaseRoles } from "../../../components/stack/database-roles.ts";
import { wayIn } from "../../../components/stack/ingress.ts";
import { certifiedHosts, routesOf } from "../../../components/stack/pages.ts";
import { parseSettings } from "../../../components/stack/parse.ts";
import { rotationOf } from "../../../components/stack/rotation.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { sharedArgs } from "../../../components/stack/shared.ts";
import { POLICIES } from "../../../policies/all.ts";
import { imageCatalogueOf } from "../../../policies/images/catalogue.ts";
import { problems } from "../../../policies/policy.ts";
import { Greeter } from "./greeter/greeter.ts";
import { greeter } from "./greeter/index.ts";

type Added = (typeof greeter)["settings"];
type AddedSettings = Settings & { readonly greeter: ReturnType<Added["greeter"]["parse"]> };

/** The one line that a service is added with. The settings' type derives from the real list, so that the cast stands for it here. */
const LIST = [...SERVICES, greeter as Service as Service<Settings>];

const PINNED = { images: { pins: { greeter: { digest: `sha256:${"0".repeat(64)}` } } } };
const PAGE = {
  domain: "example.com",
  tls: { mode: "local-ca" },
  greeter: { enabled: true, replicas: 2, resources: { limits: { memory: "128Mi" } } },
};

function settingsOf(values: Record<string, unknown>, secrets: Record<string, unknown> = {}): AddedSettings {
  return parseSettings(
    { project: "apprun", stack: "dev" },
    { values, secrets, plainSecrets: [] },
    LIST,
  ) as AddedSettings;
}

describe("a service that has a folder and one line in the list", () => {
  it("has settings with defaults, and unknown keys are refused", () => {
    expect(settingsOf({}).greeter).toMatchObject({
      enabled: false,
      replicas: 1,
      resources: { limits: { cpu: "200m", memory: "64Mi" } },
    });
    expect(() => settingsOf({ greeter: { enable: true } })).toThrow(
      'apprun:greeter.enable: got an unknown key; allowed: enabled, replicas, resources; did you mean "enabled"?',
    );
    expect(() =>
      parseSettings({ project: "apprun", stack: "dev" }, { values: { greeter: {} }, secrets: {}, plainSecrets: [] }),
    ).toThrow("apprun:greeter");
  });

  it("has rules over its settings and secrets, and the rules of all services hold for it", () => {
    expect(() => settingsOf({}, { greeterToken: secret("token") })).toThrow(
      "apprun:greeterToken: got a secret; allowed: nothing without greeter.enabled",
    );
    expect(() => settingsOf({ greeter: { resources: { requests: { memory: "1Gi" } } } })).toThrow(
      "apprun:greeter.resources.requests.memory",
    );
  });

  it("has rows in the budget while it is on", () => {
    const rows = (values: Record<string, unknown>) =>
      budget(settingsOf(values), LIST).filter(({ service }) => service === "greeter");
    expect(rows(PAGE)).toEqual([{ service: "greeter", replicas: 2, cpu: 400, memory: 256, disk: 0 }]);
    expect(rows({})).toEqual([]);
  });

  it("has a secret that a raised generation replaces, and pins for its image", () => {
    const settings = settingsOf({
      rotation: { "greeter-password": 2 },
      images: { pins: { greeter: { tag: "1.1.0" } } },
    });
    expect(rotationOf(settings, LIST)).toMatchObject({ "greeter-password": { generation: 2, allStay: false } });
    expect(chooseImage("greeter", greeter.images.greeter, settings.images).reference).toBe("example/greeter:1.1.0");
    expect(() => settingsOf({ images: { pins: { greeters: { tag: "1" } } } })).toThrow('did you mean "greeter"?');
  });

  it("has a host in the stack's certificate, and a role on its database server", () => {
    expect(certifiedHosts(settingsOf(PAGE), LIST)).toContain("hello.example.com");
    expect(databaseRoles(settingsOf(PAGE), LIST)).toContainEqual(
      expect.objectContaining({ role: "greeter", databases: ["greeter"] }),
    );
    expect(databaseRoles(settingsOf({}), LIST).map(({ role }) => role)).not.toContain("greeter");
  });
});

describe.each(["docker", "kubernetes"])("the component of such a service on %s", (platformName) => {
  const recorded = async () => {
    const settings = settingsOf({ ...PAGE, ...PINNED, platform: platformName });
    return record(settings.identity, () => {
      const parent = new ComponentResource("apprun:stack:Stack", "dev");
      const platform = createPlatform(settings, (name) => selectImage(name, settings.images), parent);
      const shared = { ...sharedArgs(settings, platform), rotation: rotationOf(settings, LIST) };
      const ingress = platform.ingress("proxy", wayIn(settings, parent).spec, { parent });
      const image = (name: "greeter") => chooseImage(name, greeter.images[name], settings.images);
      const made = [new Greeter("greeter", { ...shared, ...settings.greeter, image }, { parent })];
      const routes = routesOf(settings, gather(made, "pages"), LIST.slice(-1));
      ingress.route(routes);
      const observabilities = observabilityOf(platform.workloads(), { sql: false });
      const watched = { workloads: platform.workloads(), observabilities, runbooks: "docs/runbooks", stack: "dev" };
      new Prometheus("prometheus", { ...shared, ...settings.prometheus, ...watched }, { parent });
      return { settings, routes, observabilities, logins: gather(made, "logins"), inventory: platform.inventory() };
    });
  };

  it("is routed, listed, logged in to and watched", async () => {
    const { resources, result } = await recorded();
    expect(result.routes).toMatchObject([
      { name: "greeter", host: "hello.example.com", audience: "public", to: { address: "greeter:7000" } },
    ]);
    expect(Object.keys(result.logins)).toEqual(["greeter"]);
    expect(result.inventory.workloads.find(({ name }) => name === "greeter")).toMatchObject({
      replicas: 2,
      tier: "app",
      image: "greeter",
    });
    expect(resources.map(({ name }) => name)).toContain("greeter-password");
    expect(alertsOf(result.observabilities).map(({ name }) => name)).toContain("GreeterDown");
    expect(dashboardsOf(result.observabilities).map(({ uid }) => uid)).toContain("apprun-greeter");
    const text = JSON.stringify(resources);
    expect(text).toContain("alert: GreeterDown");
    expect(text).toContain("job_name: greeter");
    expect(text).toContain("hello.example.com");
  });

  it("breaks no policy", async () => {
    const { resources, result } = await recorded();
    const plain = resources.map(({ type, name, inputs, protect }) => ({ type, name, props: inputs, protect }));
    const context = { identity: result.settings.identity, column: "prod", hostMemory: 16_384 } as const;
    const policies = POLICIES.map((policy) =>
      policy.name === "image-catalogue" ? imageCatalogueOf(merged("images", LIST)) : policy,
    );
    const found = policies.flatMap((policy) => problems(policy, plain, context).map((got) => `${policy.name}: ${got}`));
    expect(found.filter((line) => line.includes("greeter"))).toEqual([]);
    // The policies did look: without its line in the list its image is one that nobody chose.
    const unlisted = POLICIES.filter(({ name }) => name === "image-catalogue").flatMap((policy) =>
      problems(policy, plain, context),
    );
    expect(unlisted).toEqual([expect.stringContaining("greeter")]);
  });
});
