import { describe, expect, it } from "vitest";
import { budget } from "../../../components/stack/budget.ts";
import { connectionLimit } from "../../../components/services/centrifugo/connections.ts";
import { messageOf } from "../../support/record/settings.ts";
import { settingsOf } from "../../support/record/stacks.ts";

describe("the settings of Centrifugo", () => {
  it("switch nothing on by themselves, and keep messages in the cache", () => {
    expect(settingsOf({}).centrifugo).toMatchObject({
      enabled: false,
      engine: "redis",
      replicas: 1,
      origins: [],
      namespaces: {},
    });
  });

  it("let clients receive with a token of the app, and no more", () => {
    expect(settingsOf({}).centrifugo.channels).toEqual({
      historySize: 100,
      historyTtl: "5m",
      presence: false,
      joinLeave: false,
      userLimited: false,
      subscribeForClient: false,
      publishForSubscriber: false,
      presenceForSubscriber: false,
      historyForSubscriber: false,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { enabled: true, engine: "memory", replicas: 2 },
      "  apprun:centrifugo.replicas: got 2; allowed: 1 with centrifugo.engine memory: a message would reach the clients of one replica only; set it to 1 or centrifugo.engine to redis",
    ],
    [
      { enabled: true, resources: { limits: { memory: "128Mi" } } },
      '  apprun:centrifugo.resources.limits.memory: got "128Mi"; allowed: more than 128Mi, which the process takes without clients; raise it: 64Mi are 1300 connections',
    ],
    [{ engine: "nats" }, '  apprun:centrifugo.engine: got "nats"; allowed: one of "redis", "memory"; change it'],
    [
      { origins: ["*"] },
      '  apprun:centrifugo.origins.0: got "*"; allowed: an origin such as "https://example.com" or "http://localhost:3000"; change it',
    ],
    [
      { origins: ["https://example.com/"] },
      '  apprun:centrifugo.origins.0: got "https://example.com/"; allowed: an origin such as "https://example.com" or "http://localhost:3000"; change it',
    ],
    [
      { namespaces: { chat: { presense: true } } },
      '  apprun:centrifugo.namespaces.chat.presense: got an unknown key; allowed: historyForSubscriber, historySize, historyTtl, joinLeave, presence, presenceForSubscriber, publishForSubscriber, subscribeForClient, userLimited; did you mean "presence"?',
    ],
  ])("%j are refused", (centrifugo, message) => {
    expect(messageOf({ centrifugo })).toEqual([message]);
  });

  it("refuse replicas that are off no more than anything else that is off", () => {
    expect(messageOf({ centrifugo: { engine: "memory", replicas: 2 } })).toEqual([]);
  });

  it("count each replica in the budget, and nothing while it is off", () => {
    const rows = (values: Record<string, unknown>) =>
      budget(settingsOf(values)).filter(({ service }) => service === "centrifugo");
    expect(rows({})).toEqual([]);
    expect(rows({ centrifugo: { enabled: true, replicas: 3 } })).toEqual([
      { service: "centrifugo", replicas: 3, cpu: 1500, memory: 768, disk: 0 },
    ]);
  });
});

it.each([
  ["128Mi", 0],
  ["192Mi", 1342],
  ["256Mi", 2684],
  ["1Gi", 18_790],
] as const)("a replica of %s takes %d connections", (memory, connections) => {
  expect(connectionLimit(memory)).toBe(connections);
});
