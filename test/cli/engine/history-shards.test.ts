import { describe, expect, it } from "vitest";
import { refuseOtherShards } from "../../../cli/engine/history-shards.ts";
import { historyShards, TEMPORAL_TYPE } from "../../../components/services/temporal/history-shards.ts";
import { settingsOf } from "../../support/record/stacks.ts";
import { componentOutputs } from "../../support/record/outputs.ts";

type Stack = Parameters<typeof refuseOtherShards>[0];

const stack = (name: "dev" | "prod", temporal: object = {}): Stack => {
  const { environment, ...settings } = settingsOf({ temporal });
  return { stack: name, settings: { ...settings, environment: { ...environment, kind: name } } };
};
const deployed = (outputs: { readonly historyShards?: number } = {}) => ({
  resources: [{ type: TEMPORAL_TYPE, urn: "urn:pulumi:dev::apprun::x$y::temporal", outputs }],
});

describe("the number of history shards", () => {
  it.each([
    ["prod", undefined, 512],
    ["staging", undefined, 4],
    ["pr", undefined, 4],
    ["prod", 1024, 1024],
    ["dev", 16, 16],
  ] as const)("of a new stack %s with %s is %i", (kind, given, number) => {
    expect(historyShards({ historyShards: given }, { kind })).toBe(number);
  });

  it("is in the state of what is deployed", async () => {
    const outputs = await componentOutputs({ temporal: { historyShards: 32 } });
    expect(outputs.find(({ type }) => type === TEMPORAL_TYPE)?.outputs).toMatchObject({ historyShards: 32 });
  });

  it.each<[string, Stack, Parameters<typeof refuseOtherShards>[1]]>([
    ["nothing is deployed", stack("prod"), { resources: [] }],
    ["it stays", stack("prod", { historyShards: 64 }), deployed({ historyShards: 64 })],
    ["an older release left 4 and the default is 4", stack("dev"), deployed()],
    ["an older release left no number and the settings say one", stack("prod", { historyShards: 512 }), deployed()],
    ["Temporal is switched off", stack("prod", { enabled: false }), deployed({ historyShards: 4 })],
  ])("is let through where %s", (_, given, state) => {
    expect(() => {
      refuseOtherShards(given, state);
    }).not.toThrow();
  });

  it.each<[string, Stack, Parameters<typeof refuseOtherShards>[1], string]>([
    [
      "a change",
      stack("dev", { historyShards: 8 }),
      deployed({ historyShards: 4 }),
      "stack dev: apprun:temporal.historyShards: got 8; allowed: 4, with which Temporal's database was made: it is fixed at the first start; nothing was changed: set apprun:temporal.historyShards to 4; more shards need a new stack, to which workflows do not move",
    ],
    [
      "a number that is taken out of prod's settings",
      stack("prod"),
      deployed({ historyShards: 64 }),
      "stack prod: apprun:temporal.historyShards is not set, which means 512 for a new stack; allowed: 64, with which Temporal's database was made: it is fixed",
    ],
    [
      "prod's new default for the data of an older release",
      stack("prod"),
      deployed(),
      "allowed: 4, with which Temporal's database was made unless the settings had another number then: it is fixed",
    ],
  ])("is refused for %s", (_, given, state, message) => {
    expect(() => {
      refuseOtherShards(given, state);
    }).toThrow(message);
  });
});
