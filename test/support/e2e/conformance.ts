import type { ZodType } from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import type { Inventory } from "../../../components/model/inventory.ts";
import { CATALOGUE, rotatedSecrets, SERVICES } from "../../../components/services/catalogue.ts";
import { sizesOf } from "../../../components/stack/budget.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { moreMemory, newerTag, switchedOn, switchedOff } from "../record/switched-off.ts";
import { settingsOf, stackOf } from "../record/stacks.ts";
import { available, type Conformed, type ConformancePlace } from "./conformance-place.ts";
import { changedContainers, TestProject } from "./e2e.ts";

// What every service does by being in the catalogue, on a real engine or cluster.

type Values = Readonly<Record<string, unknown>>;

/** Sections over others, a level deep. */
const over = (base: Values, ...changes: readonly Values[]): Values =>
  changes.reduce(
    (sum, change) =>
      Object.fromEntries(
        [...new Set([...Object.keys(sum), ...Object.keys(change)])].map((key) => {
          const [old, given] = [sum[key], change[key]];
          const both = typeof old === "object" && typeof given === "object";
          return [key, both ? { ...old, ...given } : key in change ? given : old];
        }),
      ),
    base,
  );

/** Sections with volumes that many stacks of a host have room for. */
const little = (sections: ReturnType<typeof switchedOn>): Values =>
  Object.fromEntries(
    Object.entries(sections).map(([key, section]) => {
      const all = SERVICES.map(({ settings }) => settings as Readonly<Record<string, ZodType>>);
      const defaults = all.find((settings) => key in settings)?.[key]?.parse(undefined) as Values | undefined;
      return [key, defaults?.["storage"] === undefined ? section : { ...section, storage: "1Gi" }];
    }),
  );

/** What settings of the app and of PostgreSQL the services ask for that are on. */
const NEEDED = {
  app: { variables: { DATABASE_DIRECT_URL: "{database.directUrl}" } },
  postgres: { maxConnections: 300 },
  backup: { enabled: true },
};

/** Declares the suite for the stack `stack` of a place. */
export async function describeConformance(title: string, stack: string, place: ConformancePlace): Promise<void> {
  const { on, missing } = await available(place);
  const full = over(place.small, NEEDED, ...on.map((service) => little(switchedOn(place.target, service))));
  const recordingOf = (values: Values): Promise<Recording<Stack>> => stackOf({ ...values }, stack);
  const inventoryOf = async (values: Values) => (await recordingOf(values)).result.inventory;
  const dataOf = ({ volumes }: Inventory) => volumes.filter(({ retention }) => retention === "data");

  describe(`${title}${missing.length > 0 ? ` (skipped, for there is no image of them: ${missing.join(", ")})` : ""}`, () => {
    const project = new TestProject(stack, full);
    let now = full;
    let all: Inventory;

    const configure = (values: Values) => {
      now = values;
      project.configure({ ...values });
    };
    const ok = async (args: readonly string[]) => {
      const { code, stdout, stderr } = await project.cli(args);
      expect(code, `${args.join(" ")}: ${stderr}`).toBe(0);
      return stdout + stderr;
    };
    const sql = (statement: string) => ok(["psql", "--write", "apprun", "--", "-XAtqc", statement]);
    const running = async () => place.running(await inventoryOf(now));
    const marks = (volumes = dataOf(all)) => place.marks(volumes);
    const markAll = (text: string) => place.mark(dataOf(all), text);
    const each = (text: string, volumes = dataOf(all)) => Object.fromEntries(volumes.map(({ name }) => [name, text]));
    const sizes = (values: Values, services?: readonly Conformed[]) =>
      sizesOf(settingsOf({ ...values }, stack), services);
    const workloadsOf = (service: Conformed) => sizes(full, [service]).map(({ workload }) => workload);
    /** What holds data of a service, by name. */
    const heldBy = (service: Conformed) => {
      const planned = sizes(full, [service]).flatMap(({ volumes = {} }) => Object.keys(volumes));
      return dataOf(all).filter(({ name }) => planned.includes(name));
    };

    beforeAll(async () => {
      await place.wipe();
      await ok(["up"]);
      await project.rememberSalt();
    });
    afterAll(() => place.wipe());

    it("comes up with all that it is planned to use, and a second up changes nothing", async () => {
      all = await inventoryOf(full);
      const planned = sizes(full).map(({ workload }) => workload);
      expect(Object.keys(await running())).toEqual(expect.arrayContaining(kindOf(all, "workload", planned)));
      await markAll("first");
      await sql("CREATE TABLE conformance AS SELECT 'first' AS text");
      const before = await running();
      expect(await ok(["up"])).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await running()).toEqual(before);
    });

    let grown = full;
    it("takes a changed setting of every service, with its data", async () => {
      const changes = (SERVICES as readonly Conformed[]).flatMap(
        (service) => moreMemory(service, settingsOf({ ...full }, stack)) ?? [],
      );
      grown = over(full, ...changes);
      configure(grown);
      const before = await running();
      await ok(["up"]);
      const changed = changedContainers(before, await running());
      const [old, planned] = [sizes(full), sizes(grown)];
      const given = planned.filter(({ resources }, i) => resources.limits.memory !== old[i]?.resources.limits.memory);
      const names = given.map(({ workload }) => workload);
      expect(names.length).toBeGreaterThanOrEqual(changes.length);
      expect(changed).toEqual(expect.arrayContaining(kindOf(all, "workload", names)));
      expect(await marks()).toEqual(each("first"));
    });

    it("takes another value of every generated secret, once", async () => {
      const { resources } = await recordingOf(grown);
      const made = new Set(resources.map(({ name }) => name));
      // Grafana's own tool sets it, which a stand-in of its image may lack.
      const { code } = await project.cli(["exec", "grafana", "--", "test", "-e", "/run.sh"]);
      if (code !== 0) console.log(`not rotated, for Grafana's image has no /run.sh: ${made.delete("grafana-admin")}`);
      const secrets = Object.keys(rotatedSecrets(settingsOf({ ...full }, stack), SERVICES as readonly Conformed[]));
      grown = {
        ...grown,
        rotation: Object.fromEntries(secrets.filter((name) => made.has(name)).map((name) => [name, 2])),
      };
      configure(grown);
      await ok(["up"]);
      const before = await running();
      expect(await ok(["up"])).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await running()).toEqual(before);
      expect(await marks()).toEqual(each("first"));
    });

    it("takes a newer tag of every image that is there, with its data", async () => {
      const { workloads } = all;
      const pins: Record<string, { tag: string }> = {};
      for (const image of new Set(workloads.map(({ image }) => image))) {
        const reference = workloads.find((workload) => workload.image === image)?.reference ?? "";
        const [repository, tag] = splitTag(reference);
        if (image in CATALOGUE && (await place.offerTag(repository, tag, newerTag(tag))))
          pins[image] = { tag: newerTag(tag) };
      }
      const updated = kindOf(all, "workload").filter((name) =>
        workloads.some((workload) => workload.name === name && workload.image in pins),
      );
      console.log(
        `updated: ${Object.entries(pins)
          .map(([image, { tag }]) => `${image} ${tag}`)
          .join(", ")}`,
      );
      expect(updated.length).toBeGreaterThan(2);
      grown = over(grown, {
        images: { pins: { ...(grown["images"] as { pins?: object } | undefined)?.pins, ...pins } },
      });
      configure(grown);
      const before = await running();
      await ok(["up"]);
      expect(changedContainers(before, await running())).toEqual(expect.arrayContaining(updated));
      expect(await marks()).toEqual(each("first"));
    });

    it("brings back from a set what sets hold, and leaves what they leave out", async () => {
      await ok(["backup"]);
      await ok(["drill"]);
      await markAll("later");
      await sql("UPDATE conformance SET text = 'later'");
      await ok(["restore", "--confirm", stack]);
      expect(await marks()).toEqual(
        Object.fromEntries(
          dataOf(all).map(({ name, backup }) => [name, backup !== undefined && "files" in backup ? "first" : "later"]),
        ),
      );
      expect(await sql("SELECT text FROM conformance")).toBe("first\n");
      await markAll("kept");
    });

    /** Generations of secrets that the settings no longer have are refused. */
    const withoutOldSecrets = async (values: Values): Promise<Values> => {
      const made = new Set((await recordingOf({ ...values, rotation: {} })).resources.map(({ name }) => name));
      const rotation = Object.entries((values["rotation"] ?? {}) as Values).filter(([name]) => made.has(name));
      return { ...values, rotation: Object.fromEntries(rotation) };
    };
    let less: Values = {};
    let kept: Values = {};
    it.each(on.map((service) => [service.name, service] as const))(
      "%s is switched off, not in silence where it holds data, and leaves its data",
      async (_, service) => {
        const held = heldBy(service);
        const own = workloadsOf(service);
        less = { ...less, ...switchedOff(service) };
        kept = await withoutOldSecrets({ ...grown, ...less });
        configure(kept);
        const before = await running();
        if (held.length > 0) {
          expect(await project.cli(["up", "--skip-backup"])).toMatchObject({
            code: 1,
            stderr: expect.stringContaining("would drop what holds data") as string,
          });
          expect(await running()).toEqual(before);
          await ok(["up", "--skip-backup", "--forget-data", "--confirm", stack]);
        } else await ok(["up", "--skip-backup"]);
        const after = await running();
        expect(Object.keys(after).filter((name) => own.includes(name))).toEqual([]);
        for (const volume of held) expect(await place.hasVolume(volume), volume.name).toBe(true);
      },
    );

    it("is on again with its data, and then changes no more", async () => {
      // Their secrets are new ones.
      configure({ ...grown, rotation: kept["rotation"] });
      await ok(["up", "--skip-backup", "--forget-data", "--take-data", "--confirm", stack]);
      expect(await marks()).toEqual(each("kept"));
      const before = await running();
      expect(await ok(["up"])).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await running()).toEqual(before);
    });
  });
}

/** Names of the inventory's entries of a kind. */
function kindOf({ workloads }: Inventory, kind: string, names?: readonly string[]): string[] {
  return workloads
    .filter((workload) => workload.kind === kind && (names?.includes(workload.name) ?? true))
    .map(({ name }) => name);
}

/** `registry:5000/path:tag` as its two parts. */
function splitTag(reference: string): readonly [string, string] {
  const at = reference.lastIndexOf(":");
  return [reference.slice(0, at), reference.slice(at + 1)];
}
