import { beforeAll, describe, expect, it } from "vitest";
import { refuseRotation } from "../../../cli/engine/rotation.ts";
import type { Recording } from "../../../cli/kit/record.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { settingsOf, stackOf } from "../../support/record/stacks.ts";

const TYPE = "random:index/randomPassword:RandomPassword";
const stateOf = (...names: string[]) => ({
  resources: names.map((name) => ({ type: TYPE, urn: `urn:pulumi:dev::apprun::x$${TYPE}::${name}` })),
});

describe("a generation", () => {
  let recordings: Map<string, { stack: string; settings: Settings; recording: Recording<Stack> }>;
  const project = (rotation: Record<string, number>) => recordings.get(JSON.stringify(rotation))!;
  const WANTED = [{}, { "cache-password": 2 }, { "cache-password": 3 }, { "nats-password": 2 }];

  beforeAll(async () => {
    recordings = new Map();
    for (const rotation of WANTED)
      recordings.set(JSON.stringify(rotation), {
        stack: "dev",
        settings: settingsOf({ rotation }),
        recording: await stackOf({ rotation }),
      });
  });

  it.each<[string, Record<string, number>, string[]]>([
    ["that stays", { "cache-password": 2 }, ["cache-password", "cache-password-2"]],
    ["raised by one", { "cache-password": 2 }, ["cache-password"]],
    ["raised again, where the oldest is gone", { "cache-password": 3 }, ["cache-password-2", "cache-password"]],
    ["of a new stack", { "cache-password": 3 }, []],
    ["of a secret whose name begins like another's", {}, ["cache-password", "postgres-provision-apprun"]],
  ])("%s is taken", (_what, rotation, there) => {
    refuseRotation(project(rotation), stateOf(...there));
  });

  it.each<[string, Record<string, number>, string[], string]>([
    [
      "raised by two",
      { "cache-password": 3 },
      ["cache-password"],
      "apprun:rotation.cache-password: got 3 and 1 is in force; allowed: 1 or 2, one step at a time; write 2",
    ],
    [
      "lowered",
      {},
      ["cache-password", "cache-password-2"],
      "apprun:rotation.cache-password: got 1 and 2 is in force; allowed: 2 or 3; write one of them",
    ],
    [
      "of what the stack does not have",
      { "nats-password": 2 },
      [],
      "apprun:rotation.nats-password: got 2; allowed: nothing: the stack has no such secret; remove it",
    ],
  ])("%s is refused", (_what, rotation, there, message) => {
    expect(() => {
      refuseRotation(project(rotation), stateOf(...there));
    }).toThrow(`stack dev: generations of secrets that cannot be; nothing was changed:\n  ${message}`);
  });
});
