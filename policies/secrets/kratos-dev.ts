import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const noKratosDev: ResourcePolicy = {
  kind: "resource",
  name: "no-kratos-dev",
  description: "Kratos never runs with --dev, which turns off secure cookies and the check of its secrets.",
  enforcement: EVERYWHERE,
  allowed: "serve without --dev",
  remedy: "remove the flag",
  check: eachContainer(({ image, service, command }) =>
    (service.includes("kratos") || image?.includes("kratos") === true) &&
    command.join(" ").split(/\s/).includes("--dev")
      ? ["got --dev"]
      : [],
  ),
};
