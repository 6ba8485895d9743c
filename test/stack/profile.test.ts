import { describe, expect, it } from "vitest";
import { SERVICES } from "../../components/services/catalogue.ts";
import { budget, total } from "../../components/stack/budget.ts";
import { withProfile } from "../../components/stack/profile.ts";
import { messageOf } from "../support/record/settings.ts";
import { settingsOf, stackOf } from "../support/record/stacks.ts";

const LIGHT = { profile: "light" };

describe("the profile light", () => {
  it("runs nothing that watches, within 790 MiB besides the app", () => {
    const rows = budget(settingsOf(LIGHT)).filter(({ service }) => service !== "apprun");
    expect(Object.fromEntries(rows.map(({ service, memory }) => [service, memory]))).toEqual({
      proxy: 48,
      kratos: 80,
      backup: 224,
      postgres: 256,
      cache: 32,
      temporal: 150,
    });
    expect(total(rows, "memory")).toBe(790);
  });

  it("leaves what the stack file says as it is", () => {
    const { postgres, temporal, prometheus } = settingsOf({
      ...LIGHT,
      postgres: { resources: { limits: { memory: "1Gi" } } },
      temporal: { ui: true },
      prometheus: { enabled: true },
    });
    expect(postgres.resources).toMatchObject({ limits: { memory: "1Gi" }, requests: { memory: "128Mi" } });
    expect(temporal).toMatchObject({ ui: true, resources: { limits: { memory: "150Mi" } } });
    expect(prometheus.enabled).toBe(true);
  });

  it("keeps the names of data volumes, so that a stack goes from one profile to the other with its data", async () => {
    const dataVolumes = async (profile: string) => {
      const { resources } = await stackOf({ profile, grafana: { enabled: false }, prometheus: { enabled: false } });
      return resources
        .filter(({ type }) => type === "docker:index/volume:Volume")
        .map(({ name }) => name)
        .sort();
    };
    expect(await dataVolumes("light")).toEqual(await dataVolumes("standard"));
  });

  it("has nothing that answers a Prometheus which is not there", async () => {
    const names = (await stackOf(LIGHT)).resources
      .filter(({ type }) => type === "docker:index/container:Container")
      .map(({ name }) => name);
    expect(names).toContain("backup");
    expect(names.filter((name) => /exporter|metrics|prometheus|grafana|alertmanager/.test(name))).toEqual([]);
  });

  it("is not for a cluster", () => {
    expect(messageOf({ ...LIGHT, platform: "kubernetes", domain: "example.com" })).toContain(
      '  apprun:profile: got "light"; allowed: "standard" with platform kubernetes: light is for a small Docker host; remove it, and set the limits of each service',
    );
  });

  it("is standard when absent, and another name is refused", () => {
    expect(withProfile({ domain: "example.com" }, SERVICES)).toEqual({ domain: "example.com" });
    expect(messageOf({ profile: "tiny" })).toEqual([
      '  apprun:profile: got "tiny"; allowed: one of "standard", "light"; change it',
    ]);
  });
});
