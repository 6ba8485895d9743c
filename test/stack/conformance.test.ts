import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import { CATALOGUE, IMAGE_NAMES, SERVICES } from "../../components/services/catalogue.ts";
import type { Service } from "../../components/services/service.ts";
import { sizesOf } from "../../components/stack/budget.ts";
import type { Settings } from "../../components/stack/settings.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { everything, EVERYTHING, recordEverything, TARGETS, type Target } from "../everything.ts";
import { ALWAYS, moreMemory, newerTag, switchedOff, type Changes } from "../support/record/switched-off.ts";

// What every service does by being in the catalogue, on both targets, as recorded. Rotation is in rotation.test.ts,
// sameness of the two targets in test/platform/parity.test.ts, and what runs for real in test/e2e.

/** Own services connect to what is switched here. */
const BASE: Changes = { services: {} };

/** Their rules and dashboards have the limits of what they watch. */
const WATCHERS = ["prometheus", "grafana"];

/** Sections with what else the stack has in them. */
const withRest = (target: Target, changes: Changes): Changes => {
  const rest = EVERYTHING[target] as Readonly<Record<string, object | undefined>>;
  return Object.fromEntries(
    Object.entries(changes).map(([key, section]) => [key, Object.assign({}, rest[key], section)]),
  );
};

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
    const changes = switchedOff(service);
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

  const limited = on.flatMap(({ service, sizes }) => {
    const more = moreMemory(service, settings);
    return more === undefined ? [] : [{ name: service.name, more, sizes }];
  });
  it.each(limited.map(({ name, more, sizes }) => [name, more, sizes] as const))(
    "%s takes a changed setting alone, except for what watches it",
    async (_, more, sizes) => {
      const changed = await recordEverything(target, { ...BASE, ...withRest(target, more) });
      const [before, after] = [resources(plain), resources(changed)];
      const names = [...after].filter(([key, inputs]) => before.get(key) !== inputs).map(([key]) => key.split(" ")[1]);
      const own = [...sizes.map(({ workload }) => workload), ...WATCHERS];
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => !own.some((each) => name === each || name?.startsWith(`${each}-`)))).toEqual([]);
    },
  );

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
    const pins = Object.fromEntries(IMAGE_NAMES.map((image) => [image, { tag: newerTag(CATALOGUE[image].tag) }]));
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
