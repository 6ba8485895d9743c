import type { types } from "@pulumi/kubernetes";
import { output, type Output } from "@pulumi/pulumi";
import { ModelError } from "../../model/errors.ts";
import type { ConfigFile, ContainerSpec, SecretFile } from "../../model/workload.ts";

type VolumeMount = types.input.core.v1.VolumeMount;
type Volume = types.input.core.v1.Volume;

/** Where every secret file is. */
const SECRETS_ROOT = "/run/secrets";
const EXECUTABLE = 0o555;
const READABLE = 0o444;
/** Read by the container's group only; the kubelet gives the files to it. */
const SECRET = 0o440;

/** The key of a file in a ConfigMap or Secret, which takes no slashes. */
export function fileKey(path: string): string {
  return path.replace(/^\//, "").replaceAll("/", "_");
}

/** The content of a ConfigMap with a container's files. */
export function configData(files: readonly ConfigFile[]): Record<string, ConfigFile["content"]> {
  return Object.fromEntries(files.map(({ path, content }) => [fileKey(path), content]));
}

/** The content of a Secret with a container's secret files and variables. */
export function secretData(
  files: readonly SecretFile[],
  env: Readonly<Record<string, Output<string>>>,
): Record<string, Output<string>> {
  return { ...Object.fromEntries(files.map(({ path, content }) => [fileKey(path), output(content)])), ...env };
}

/** Each file alone, so that the image's own files beside it stay. */
export function configMounts(files: readonly ConfigFile[]): VolumeMount[] {
  return files.map(({ path }) => ({ name: "files", mountPath: path, subPath: fileKey(path), readOnly: true }));
}

export function configVolume(configMap: VolumeSource, files: readonly ConfigFile[]): Volume {
  const items = files.map(({ path, executable = false }) => ({
    key: fileKey(path),
    path: fileKey(path),
    mode: executable ? EXECUTABLE : READABLE,
  }));
  return { name: "files", configMap: { name: configMap, items } };
}

/**
 * All secret files at once, in memory.
 * @throws ModelError for a secret file anywhere else
 */
export function secretVolume(name: string, secret: VolumeSource, files: readonly SecretFile[]): Volume {
  const items = files.map(({ path }) => ({ key: fileKey(path), path: relativePath(name, path), mode: SECRET }));
  return { name: "secrets", secret: { secretName: secret, items } };
}

export const SECRET_MOUNT: VolumeMount = { name: "secrets", mountPath: SECRETS_ROOT, readOnly: true };

function relativePath(name: string, path: string): string {
  if (path.startsWith(`${SECRETS_ROOT}/`)) return path.slice(SECRETS_ROOT.length + 1);
  throw new ModelError({
    got: `workload "${name}": got a secret file at ${path}`,
    allowed: `paths below ${SECRETS_ROOT}`,
    fix: "move it there",
  });
}

/** The generated name of a ConfigMap or Secret. */
export type VolumeSource = Output<string>;

/** Whether a container needs a Secret of its own. */
export function hasSecrets({
  secretFiles = [],
  secretEnv = {},
}: Pick<ContainerSpec, "secretFiles" | "secretEnv">): boolean {
  return secretFiles.length > 0 || Object.keys(secretEnv).length > 0;
}
