import { problem } from "../../settings/kit/rule.ts";
import type { OwnServiceRule } from "./own-service-rule.ts";

/** Volumes of one service. */
export const volumeRules: readonly OwnServiceRule[] = [
  ({ volumes, replicas, autoscaling }, path) => {
    const [name] = Object.entries(volumes).find(([, { shared }]) => !shared) ?? [];
    const most = autoscaling?.maxReplicas ?? replicas;
    return name !== undefined && most > 1
      ? problem(
          `${path}.volumes.${name}.shared`,
          "false",
          `true with ${most} replicas: what alone writes to a volume runs once`,
          "set replicas to 1, or shared to true where the service can share it",
        )
      : undefined;
  },
  ({ volumes }, path) => {
    const [name] = Object.entries(volumes).find(([, { retention, leftOut }]) => retention === "cache" && leftOut) ?? [];
    return name === undefined
      ? undefined
      : problem(`${path}.volumes.${name}.leftOut`, "a text", "nothing with retention cache", "remove it");
  },
  ({ volumes }, path) => {
    const all = Object.entries(volumes);
    for (const [name, { path: inner }] of all)
      for (const [other, { path: outer }] of all)
        if (name !== other && `${inner}/`.startsWith(`${outer}/`))
          return problem(
            `${path}.volumes.${name}.path`,
            JSON.stringify(inner),
            `a path outside of that of ${other}, ${outer}`,
            "choose another",
          );
    return undefined;
  },
];
