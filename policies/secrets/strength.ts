import { EVERYWHERE, type PolicyResource, type ResourcePolicy } from "../policy.ts";
import { containersOf } from "../read/container.ts";
import { isSecretKey, SHORTEST, urlPassword, weakness } from "../read/secret.ts";

export const secretStrength: ResourcePolicy = {
  kind: "resource",
  name: "secret-strength",
  description: "No secret is a default or short. The message never holds the value.",
  enforcement: EVERYWHERE,
  allowed: `generated secrets of ${SHORTEST} characters or more`,
  remedy: "let the program generate it",
  check: (resource) => [...generated(resource), ...inEnvironment(resource)],
};

function generated({ type, name, props }: PolicyResource): readonly string[] {
  const length = Number(props["length"]);
  return type === "random:index/randomPassword:RandomPassword" && length < SHORTEST
    ? [`secret "${name}": got one of ${length} characters`]
    : [];
}

function inEnvironment(resource: PolicyResource): readonly string[] {
  return containersOf(resource).flatMap(({ label, env }) =>
    env.flatMap(({ key, value }) => {
      const secret = urlPassword(value) ?? (isSecretKey(key) ? value : undefined);
      const weak = secret === undefined || secret === "" ? undefined : weakness(secret);
      return weak === undefined ? [] : [`${label}: got for ${key} ${weak}`];
    }),
  );
}
