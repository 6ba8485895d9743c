import { beforeAll, describe, expect, it, vi } from "vitest";
import { refuseDroppedData } from "../../../cli/runtime/data-guard.ts";
import { forgetData } from "../../../cli/runtime/forget-data.ts";
import type { Project } from "../../../cli/kit/project.ts";
import type { Recording } from "../../../cli/kit/record.ts";
import { stackOf } from "../../support/record/stacks.ts";

const VOLUME = "docker:index/volume:Volume";
const urn = (name: string, type = VOLUME) => `urn:pulumi:dev::apprun::apprun:stack:Stack$${type}::${name}`;
const runtime = { removalCommand: (volumes: readonly string[]) => `remove ${volumes.join(" ")}` };

let recording: Recording<unknown>;
beforeAll(async () => {
  recording = await stackOf({});
});

/** A stack without NATS, whose state has its volume and its password. */
function withoutNats(protect: boolean) {
  const project = { stack: "dev", recording } as unknown as Project;
  const kept = recording.resources.map(({ type, name }) => ({
    type,
    urn: urn(name, type),
    retainOnDelete: type === VOLUME,
  }));
  const password = "random:index/randomPassword:RandomPassword";
  const dropped = [
    { type: VOLUME, urn: urn("nats"), protect, retainOnDelete: true, inputs: { name: "apprun-dev-nats" } },
    { type: password, urn: urn("nats-password", password), protect },
  ];
  return { project, state: { resources: [...kept, ...dropped] }, dropped };
}

describe("a data volume that the settings no longer have", () => {
  it.each([
    [true, "nats, nats-password"],
    [false, "nats"],
  ])("is not dropped in silence, protected (%s) or not", (protect, names) => {
    const { project, state } = withoutNats(protect);
    expect(() => {
      refuseDroppedData(project, state);
    }).toThrow(
      `stack dev: the settings would drop what holds data or belongs to it: ${names}; allowed: settings that keep them; ` +
        "nothing was changed: undo the change, or drop them from the state and keep the volumes: npm run up -- --forget-data",
    );
  });

  it("is forgotten only by whoever types the stack's name", async () => {
    const { project, state } = withoutNats(true);
    await expect(forgetData(project, state, runtime, "prod")).rejects.toThrow(
      '--forget-data: got "prod"; allowed: "dev", the stack\'s name; nothing was changed; name the stack',
    );
  });

  it("may go then, with what belongs to it and nothing else", async () => {
    const { project, state, dropped } = withoutNats(true);
    const { urns } = await forgetData(project, state, runtime, "dev");
    expect(urns).toEqual(dropped.map((resource) => resource.urn));
    expect(() => {
      refuseDroppedData(project, state, urns);
    }).not.toThrow();
  });

  it("needs nobody's name where there is none", async () => {
    const { project, state, dropped } = withoutNats(true);
    const resources = state.resources.filter((resource) => !dropped.some((gone) => gone.urn === resource.urn));
    expect((await forgetData(project, { resources }, runtime, undefined)).urns).toEqual([]);
  });
});

it("databases of a managed server are named as what stays there, and no command removes them", async () => {
  const type = "postgresql:index/database:Database";
  const grant = "postgresql:index/grant:Grant";
  const resources = [
    { type, urn: urn("postgres-database-apprun", type), protect: true, retainOnDelete: true, inputs: { name: "shop" } },
    { type: grant, urn: urn("postgres-schema-apprun-apprun", grant), retainOnDelete: true, inputs: {} },
  ];
  const project = { stack: "dev", recording } as unknown as Project;
  const noted = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const forgotten = await forgetData(project, { resources }, runtime, "dev");
  forgotten.report();
  const text = noted.mock.calls.map(([line]) => String(line)).join("");
  noted.mockRestore();
  expect(forgotten.urns).toEqual([urn("postgres-database-apprun", type)]);
  expect(text).toContain("left on their server with all roles: databases shop");
  expect(text).not.toContain("remove shop");
});
