import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import { sizesOf } from "../../components/stack/budget.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { everything, recordEverything, TARGETS } from "../everything.ts";
import { contentOf } from "../support/record/content.ts";

describe.each(TARGETS)("the stack with everything on, on %s", (target) => {
  let recording: Recording<Stack>;
  beforeAll(async () => {
    recording = await recordEverything(target);
  });

  it("has exactly these resources", async () => {
    const names = recording.resources.map(({ type, name }) => `${type} ${name}`).sort();
    await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(`golden/everything-${target}.txt`);
  });

  it("gives every container or pod exactly this", async () => {
    const content = contentOf(recording);
    for (const [name, text] of content) await expect.soft(text, name).toMatchFileSnapshot(`golden/${target}/${name}`);
    expect(readdirSync(`test/stack/golden/${target}`).filter((file) => !content.has(file))).toEqual([]);
  });

  it("plans the limits of everything that keeps running, and the size of every volume", () => {
    const { workloads, volumes } = recording.result.inventory;
    const sizes = sizesOf(everything(target));
    const running = workloads
      .filter(({ kind }) => kind !== "job")
      .map(({ name, resources, replicas }) => ({ workload: name, resources, replicas }));
    const byName = (a: { readonly workload: string }, b: { readonly workload: string }) =>
      a.workload < b.workload ? -1 : 1;
    expect(
      sizes.map(({ workload, resources, replicas = 1 }) => ({ workload, resources, replicas })).sort(byName),
    ).toEqual(running.sort(byName));
    const planned = sizes.flatMap(({ volumes: own = {} }) =>
      Object.entries(own).map(([name, size]) => `${name} ${size}`),
    );
    const registered = [...volumes.map(({ name, size }) => `${name} ${size}`), ...claimsOfOperator(recording)];
    expect(planned.sort()).toEqual(registered.sort());
  });
});

/** Each instance of a PostgreSQL cluster has a volume that the operator makes and names. */
function claimsOfOperator({ resources }: Recording<Stack>): readonly string[] {
  interface Cluster {
    readonly spec: { readonly instances: number; readonly storage: { readonly size: string } };
  }
  return resources
    .filter(({ type }) => type === "kubernetes:postgresql.cnpg.io/v1:Cluster")
    .flatMap(({ name, inputs }) => {
      const { instances, storage } = (inputs as unknown as Cluster).spec;
      return Array.from({ length: instances }, (_, index) => `${name}-${index + 1} ${storage.size}`);
    });
}
