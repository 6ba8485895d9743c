import { holdsSecret } from "../../components/model/secret-mark.ts";
import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { isSecretKey, urlPassword } from "../read/secret.ts";
import { record, text } from "../read/values.ts";

export const secretNotInConfigMap: ResourcePolicy = {
  kind: "resource",
  name: "secret-not-in-config-map",
  description: "No ConfigMap holds a secret: everybody who may look at the namespace reads it.",
  enforcement: EVERYWHERE,
  allowed: "a Secret",
  remedy: "give the file with secretFiles",
  check: (resource) => {
    if (kubernetesKind(resource) !== "ConfigMap") return [];
    return Object.entries(record(resource.props["data"]))
      .filter(
        ([key, value]) =>
          isSecretKey(key) || holdsSecret(text(value) ?? "") || urlPassword(text(value) ?? "") !== undefined,
      )
      .map(([key]) => `ConfigMap "${resource.name}": got a secret in ${key}`);
  },
};
