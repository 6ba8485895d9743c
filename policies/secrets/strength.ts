import { EVERYWHERE, type PolicyContext, type PolicyResource, type ResourcePolicy } from "../policy.ts";
import { containersOf } from "../read/container.ts";
import { isSecretKey, SHORTEST, urlPassword, weakness } from "../read/secret.ts";

export const secretStrength: ResourcePolicy = {
  kind: "resource",
  name: "secret-strength",
  description: "No secret is a default or short. The message never holds the value.",
  enforcement: EVERYWHERE,
  allowed: `generated secrets of ${SHORTEST} characters or more`,
  remedy: "let the program generate it",
  check: (resource, { named }) => [...generated(resource), ...inEnvironment(resource, named)],
};

function generated({ type, name, props }: PolicyResource): readonly string[] {
  const length = Number(props["length"]);
  return type === "random:index/randomPassword:RandomPassword" && length < SHORTEST
    ? [`secret "${name}": got one of ${length} characters`]
    : [];
}

/** A secret that the settings name is another system's, which decides on its length. */
function inEnvironment(resource: PolicyResource, named: PolicyContext["named"]): readonly string[] {
  return containersOf(resource).flatMap(({ label, env, service }) =>
    env.flatMap(({ key, value }) => {
      if (named?.secretVariable(service, key) === true) return [];
      const secret = urlPassword(value) ?? (isSecretKey(key) ? value : undefined);
      const weak = secret === undefined || secret === "" ? undefined : weakness(secret);
      return weak === undefined ? [] : [`${label}: got for ${key} ${weak}`];
    }),
  );
}
