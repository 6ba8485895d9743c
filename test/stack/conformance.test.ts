import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import { SERVICES } from "../../components/services/catalogue.ts";
import type { Service } from "../../components/services/service.ts";
import { sizesOf } from "../../components/stack/budget.ts";
import type { Settings } from "../../components/stack/settings.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { everything, EVERYTHING, recordEverything, TARGETS, type Target } from "../everything.ts";

// What every service does by being in the catalogue, on both targets, as recorded. Rotation is in rotation.test.ts,
// sameness of the two targets in test/platform/parity.test.ts, and what runs for real in test/e2e.

type Changes = Parameters<typeof recordEverything>[1] & object;
type Section = Readonly<Record<string, unknown>>;

/** Switches that no default of a section of the service's own shows. */
const OFF: Readonly<Record<string, Changes>> = {
  seaweedfs: { storage: { mode: "local" }, seaweedfs: undefined },
};

/** Services without a switch, and why. */
const ALWAYS: Readonly<Record<string, string>> = {
  app: "it is what the stack is for",
  postgres: "every stack has a server, its own or another's",
  cache: "every stack has a cache, its own or another's",
  kratos: "it is the login",
  prometheus: "its alerts have a receiver in this stack: test/stack/monitoring.test.ts",
  alertmanager: "its alerts have a receiver in this stack: test/stack/monitoring.test.ts",
  backup: "its remote copy has keys in this stack: test/stack/remote-backups.test.ts",
  proxy: "a Docker host has no other way in",
  tunnel: "cloudflare.enabled is no switch of a service: test/edge",
  host: "exporters.host is no switch of a service: test/services/host",
  cluster: "exporters.kubernetes is no switch of a service: test/services/cluster",
  "own-services": "each is switched by itself: test/services/own-services",
};

/** What a newer tag of an image looks like, where not every tag is taken. */
const NEWER: Readonly<Record<string, string>> = { postgres: "17.99-alpine", postgresCluster: "17.99" };

/** Own services connect to what is switched here. */
const BASE: Changes = { services: {} };

const sectionsOf = (target: Target, { settings }: Service<Settings>) =>
  Object.keys(settings).map((key) => [key, (EVERYTHING[target] as Record<string, Section | undefined>)[key]] as const);

/** The settings that switch a service off, or nothing where it is always there. */
function switchedOff(target: Target, service: Service<Settings>): Changes | undefined {
  if (service.name in OFF) return OFF[service.name];
  if (service.name in ALWAYS) return undefined;
  const section = sectionsOf(target, service).find(
    ([key]) => "enabled" in (service.settings[key]?.parse(undefined) as object),
  );
  if (section === undefined) return undefined;
  return { [section[0]]: { enabled: false } };
}

const workloads = ({ result }: Recording<Stack>) => result.inventory.workloads.map(({ name }) => name);
const volumes = ({ result }: Recording<Stack>) => result.inventory.volumes.map(({ name }) => name);
const resources = ({ resources }: Recording<Stack>) =>
  new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));

describe.each(TARGETS)("every service of the catalogue, on %s", (target) => {
  let plain: Recording<Stack>;
  beforeAll(async () => {
    plain = await recordEverything(target, BASE);
  });

  const settings = everything(target, BASE);
  const on = SERVICES.map((service) => ({
    service: service,
    sizes: sizesOf(settings, [service as Service<Settings>]),
  })).filter(({ sizes }) => sizes.length > 0);
  const switched = on.flatMap(({ service, sizes }) => {
    const changes = switchedOff(target, service);
    return changes === undefined ? [] : [{ name: service.name, changes, sizes }];
  });

  it("is switched off by a setting, or is named with the reason why not", () => {
    const always = on.filter(({ service }) => !switched.some(({ name }) => name === service.name));
    expect(always.map(({ service: { name } }) => name).filter((name) => !(name in ALWAYS))).toEqual([]);
    expect(switched.length).toBeGreaterThan(6);
  });

  it.each(on.map(({ service, sizes }) => [service.name, sizes] as const))(
    "%s runs what it is planned to use, with its volumes",
    (_, sizes) => {
      for (const { workload, volumes: planned = {} } of sizes) {
        expect(workloads(plain)).toContain(workload);
        // CloudNativePG makes its own.
        if (workload !== "postgres" || settings.postgres.mode === "container")
          expect(volumes(plain)).toEqual(expect.arrayContaining(Object.keys(planned)));
      }
    },
  );

  it("says for each volume of data whether sets have it, or why not, and lets no update delete one: it is protected", () => {
    const kept = plain.result.inventory.volumes.filter(({ retention }) => retention === "data");
    expect(kept.length).toBeGreaterThan(3);
    const made = plain.resources.filter(({ type }) => /:Volume$|:PersistentVolumeClaim$/.test(type));
    for (const { name } of kept) {
      const volume = made.find((each) => each.name === name);
      expect(volume, name).toMatchObject({ protect: true });
    }
  });

  it.each(switched.map(({ name, changes, sizes }) => [name, changes, sizes] as const))(
    "%s switched off is gone, and nobody connects to it",
    async (_, changes, sizes) => {
      const off = await recordEverything(target, { ...BASE, ...changes });
      for (const { workload } of sizes) expect(workloads(off)).not.toContain(workload);
      const names = sizes.map(({ workload }) => workload);
      for (const { name, connectsTo } of off.result.inventory.workloads)
        expect(
          connectsTo.filter((to) => names.includes(to)),
          name,
        ).toEqual([]);
    },
  );

  it("is what it was when it is on again", async () => {
    expect(resources(await recordEverything(target, BASE))).toEqual(resources(plain));
  });

  it("is replaced by an update of its image, which takes no volume with it", async () => {
    const images = SERVICES.flatMap((service) => Object.keys(service.images));
    const pins = Object.fromEntries(images.map((image) => [image, { tag: NEWER[image] ?? "99.99.99" }]));
    const updated = await recordEverything(target, { ...BASE, images: { pins } });
    const [before, after] = [resources(plain), resources(updated)];
    const changed = [...after].filter(([key, inputs]) => before.get(key) !== inputs).map(([key]) => key);
    expect(volumes(updated)).toEqual(volumes(plain));
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect(changed.filter((key) => /:Volume |:PersistentVolumeClaim /.test(key))).toEqual([]);
    const old = plain.result.inventory.workloads.map(({ reference }) => reference);
    expect(updated.result.inventory.workloads.filter(({ reference }) => old.includes(reference))).toEqual([]);
  });
});
