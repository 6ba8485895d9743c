import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { ContainerSpec } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { configMounts, configVolume, fileKey, SECRET_MOUNT, secretVolume, type VolumeSource } from "./files.ts";
import { podLabels } from "./labels.ts";
import { placement } from "./placement.ts";

export type PodSpec = types.input.core.v1.PodSpec;
export type Container = types.input.core.v1.Container;
export type PodTemplate = types.input.core.v1.PodTemplateSpec;

/** Generated names of what a pod reads; absent where it has none. */
export interface PodSources {
  readonly configMap?: VolumeSource | undefined;
  readonly secret?: VolumeSource | undefined;
  readonly serviceAccount: Input<string>;
}

/** What differs between a workload's pod and a job's. */
export interface PodParts {
  readonly component: string;
  readonly container: Partial<Container>;
  readonly pod: Partial<PodSpec>;
}

/** A pod under the `restricted` Pod Security Standard, with one container. */
export function podTemplate(
  context: KubernetesContext,
  name: string,
  spec: ContainerSpec,
  sources: PodSources,
  parts: PodParts,
): PodTemplate {
  const { runAs } = spec;
  return {
    metadata: { labels: podLabels(context.identity, name, parts.component, spec) },
    spec: {
      serviceAccountName: sources.serviceAccount,
      ...(context.pullSecret !== undefined && { imagePullSecrets: [{ name: context.pullSecret }] }),
      automountServiceAccountToken: spec.clusterAccess !== undefined,
      // Variables with the address of every Service of the namespace: some images read such names as settings.
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: runAs.uid,
        runAsGroup: runAs.gid,
        fsGroup: runAs.gid,
        ...(runAs.groups && { supplementalGroups: [...runAs.groups] }),
        // Not every file of a large volume at every start.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...placement(context.cluster, spec.mounts !== undefined && spec.mounts.length > 0),
      ...parts.pod,
      containers: [{ ...container(name, spec, sources), ...parts.container }],
      ...volumes(name, spec, sources),
    },
  };
}

function container(name: string, spec: ContainerSpec, sources: PodSources): Container {
  const { image, entrypoint, args, files = [], secretFiles = [], mounts = [], scratch = [] } = spec;
  const volumeMounts = [
    ...configMounts(files),
    ...(secretFiles.length > 0 ? [SECRET_MOUNT] : []),
    ...mounts.map(({ volume, path, readOnly = false }) => ({ name: volume.name, mountPath: path, readOnly })),
    ...scratch.map((path) => ({ name: scratchName(path), mountPath: path })),
  ];
  const env = environment(spec, sources);
  return {
    name,
    image: image.reference,
    imagePullPolicy: "IfNotPresent",
    ...(entrypoint && { command: [...entrypoint] }),
    ...(args && { args: [...args] }),
    ...(env.length > 0 && { env }),
    ...confinement(spec),
    ...(volumeMounts.length > 0 && { volumeMounts }),
  };
}

/** What a container may use and do, for each of a pod. */
export function confinement({
  resources,
  readOnlyRoot = false,
}: Pick<ContainerSpec, "resources" | "readOnlyRoot">): Pick<Container, "resources" | "securityContext"> {
  return {
    resources: { requests: { ...resources.requests }, limits: { ...resources.limits } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: readOnlyRoot,
    },
  };
}

function environment(
  { env = {}, secretEnv = {} }: ContainerSpec,
  { secret }: PodSources,
): types.input.core.v1.EnvVar[] {
  const plain = Object.entries(env).map(([name, value]) => ({ name, value }));
  const secrets = Object.keys(secretEnv).map((name) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret ?? "", key: name } },
  }));
  return [...plain, ...secrets].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function volumes(name: string, spec: ContainerSpec, { configMap, secret }: PodSources): Pick<PodSpec, "volumes"> {
  const { files = [], secretFiles = [], mounts = [], scratch = [] } = spec;
  const list: types.input.core.v1.Volume[] = [
    ...(configMap === undefined || files.length === 0 ? [] : [configVolume(configMap, files)]),
    ...(secret === undefined || secretFiles.length === 0 ? [] : [secretVolume(name, secret, secretFiles)]),
    ...mounts.map(({ volume, readOnly = false }) => ({
      name: volume.name,
      persistentVolumeClaim: { claimName: volume.id, readOnly },
    })),
    ...scratch.map((path) => ({ name: scratchName(path), emptyDir: {} })),
  ];
  return list.length > 0 ? { volumes: list } : {};
}

function scratchName(path: string): string {
  return `scratch-${fileKey(path).replaceAll("_", "-")}`;
}
