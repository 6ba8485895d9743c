import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { recordEverything, TARGETS } from "../everything.ts";
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
    for (const [name, text] of content) await expect.soft(text, name).toMatchFileSnapshot(`golden/${target}/${name}.yaml`);
    expect(readdirSync(`test/stack/golden/${target}`).filter((file) => !content.has(file.replace(/\.yaml$/, "")))).toEqual([]);
  });
});
