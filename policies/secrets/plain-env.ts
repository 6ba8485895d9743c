import { holdsSecret } from "../../components/model/secret-mark.ts";
import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";
import { isFileReference, isSecretKey, urlPassword } from "../read/secret.ts";

export const secretNotInEnv: ResourcePolicy = {
  kind: "resource",
  name: "secret-not-in-env",
  description:
    "No secret stands in a plain environment or command line: both show in `docker inspect`, pod specs and process lists. The settings may name variables of the app and of own services on a Docker host.",
  enforcement: EVERYWHERE,
  allowed: "a file below /run/secrets, or a reference to a Kubernetes Secret",
  remedy:
    "give it with secretFiles and name the file with <KEY>_FILE; a secret of app.env or of a service's env belongs below apprun:secrets",
  check: eachContainer(({ env, command, service, platform }, { named }) => [
    ...env
      .filter(({ key, value }) => value !== "" && ((isSecretKey(key) && !isFileReference(value)) || isSecret(value)))
      // On Kubernetes a Secret holds them: the pod's specification has none.
      .filter(({ key }) => platform !== "docker" || named?.secretVariable(service, key) !== true)
      .map(({ key }) => `got a secret in ${key}`),
    ...(command.some(isSecret) ? ["got a secret in its command"] : []),
  ]),
};

function isSecret(value: string): boolean {
  return holdsSecret(value) || urlPassword(value) !== undefined;
}
