import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import { connectionLimit, IDLE_MEMORY } from "./connections.ts";
import type { centrifugo } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ centrifugo: typeof centrifugo }>;

/** What its replicas share, and what each needs. */
export const centrifugoRules: readonly Rule<Read>[] = [
  ({ centrifugo: { enabled, engine, replicas } }) =>
    enabled && engine === "memory" && replicas > 1
      ? problem(
          "centrifugo.replicas",
          String(replicas),
          "1 with centrifugo.engine memory: a message would reach the clients of one replica only",
          "set it to 1 or centrifugo.engine to redis",
        )
      : undefined,
  ({ centrifugo: { enabled, resources } }) => {
    const { memory } = resources.limits;
    return enabled && connectionLimit(memory) < 1
      ? problem(
          "centrifugo.resources.limits.memory",
          JSON.stringify(memory),
          `more than ${IDLE_MEMORY}, which the process takes without clients`,
          "raise it: 64Mi are 1300 connections",
        )
      : undefined;
  },
];
