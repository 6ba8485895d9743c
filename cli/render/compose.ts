import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Inventory } from "../../components/model/inventory.ts";
import { holdsSecret } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import type { RecordedResource } from "../kit/record.ts";
import { composeContainer } from "./compose-service.ts";
import { escaped, labelMap, SECRETS_DIRECTORY, variablePath, type Label } from "./compose-text.ts";

/** A Compose project and the secret files that it refers to. */
export interface Rendered {
  readonly compose: object;
  /** Name below the secrets directory, by container and path. */
  readonly secrets: readonly { readonly file: string; readonly container: string; readonly path: string }[];
}

/** The Compose project of recorded Docker resources. */
export function composeProject(
  name: string,
  resources: readonly RecordedResource[],
  { workloads }: Inventory,
): Rendered {
  const inputs = <T>(type: string) =>
    resources.filter((resource) => resource.type === type).map((resource) => resource.inputs as T);
  const containers = inputs<RecordedContainer>("docker:index/container:Container");
  const uploads = containers.flatMap((container) =>
    (container.uploads ?? []).map((upload) => ({
      container: container.name ?? "",
      path: upload.file,
      content: upload.content ?? "",
    })),
  );
  const isSecret = ({ path, content }: { path: string; content: string }) =>
    holdsSecret(content) || path.startsWith("/run/secrets/");
  const networks = inputs<{ name: string; internal: boolean; labels: Label[] }>("docker:index/network:Network");
  const volumes = inputs<{ name: string; labels: Label[] }>("docker:index/volume:Volume");
  const secrets = uploads
    .filter(isSecret)
    .map(({ container, path }) => ({ file: fileKey(container, path), container, path }));
  const variables = containers.flatMap(({ name: container = "", envs = [] }) =>
    envs.filter(holdsSecret).map((line) => {
      const path = variablePath(line);
      return { file: fileKey(container, path), container, path };
    }),
  );
  return {
    compose: {
      name,
      services: Object.fromEntries(
        containers.map((container) => [
          container.name ?? "",
          composeContainer(container, { workloads, containers, isSecret, fileKey }),
        ]),
      ),
      networks: Object.fromEntries(
        networks.map((network) => [
          network.name,
          { name: network.name, internal: network.internal, labels: labelMap(network.labels) },
        ]),
      ),
      volumes: Object.fromEntries(
        volumes.map((volume) => [volume.name, { name: volume.name, labels: labelMap(volume.labels) }]),
      ),
      configs: Object.fromEntries(
        uploads
          .filter((upload) => !isSecret(upload))
          .map(({ container, path, content }) => [fileKey(container, path), { content: escaped(content) }]),
      ),
      secrets: Object.fromEntries(secrets.map(({ file }) => [file, { file: `${SECRETS_DIRECTORY}/${file}` }])),
    },
    secrets: [...secrets, ...variables],
  };
}

/** A name that is unique in the project and tells what it is for. */
function fileKey(container: string, path: string): string {
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 6);
  return `${container}-${basename(path).replaceAll(".", "-")}-${hash}`;
}
