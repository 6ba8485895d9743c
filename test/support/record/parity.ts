import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import type { RecordedResource } from "../../../cli/kit/record.ts";
import { holdsSecret } from "../../../components/model/secret-mark.ts";
import { millicores, type Cpu } from "../../../components/model/units.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { fileKey } from "../../../components/platform/kubernetes/files.ts";

/** What a container is, whatever runs it. */
export interface NormalForm {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** Content by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly probe: string;
  readonly user: string;
  readonly memory: string;
  readonly cpu: number;
  readonly droppedCapabilities: readonly string[];
  readonly addedCapabilities: readonly string[];
  readonly readOnlyRoot: boolean;
  readonly stopSignal: string;
  readonly stopSeconds: number;
}

/** The normal form of a recorded container, with the names of the host taken off. */
export function fromDocker(container: RecordedContainer, prefix: string): NormalForm {
  const uploads = container.uploads ?? [];
  const files = (secret: boolean) =>
    Object.fromEntries(
      uploads
        .filter(({ content = "" }) => holdsSecret(content) === secret)
        .map(({ file, content = "" }) => [file, content]),
    );
  return {
    image: container.image,
    command: container.entrypoints ?? [],
    args: container.command ?? [],
    env: container.envs ?? [],
    files: files(false),
    secretFiles: files(true),
    volumes: (container.volumes ?? []).map(
      ({ volumeName = "", containerPath }) => `${volumeName.replace(prefix, "")} ${containerPath ?? ""}`,
    ),
    probe: (container.healthcheck?.tests ?? []).slice(1).join(" "),
    user: container.user ?? "entrypoint",
    memory: `${container.memory ?? 0}`,
    cpu: Math.round(Number(container.cpus) * 1000),
    droppedCapabilities: container.capabilities?.drops ?? [],
    addedCapabilities: container.capabilities?.adds ?? [],
    readOnlyRoot: container.readOnly ?? false,
    stopSignal: container.stopSignal ?? "SIGTERM",
    stopSeconds: container.stopTimeout ?? 0,
  };
}

type Pod = Unwrap<types.input.core.v1.PodSpec>;

/** What reaches the process first: what is run before the kubelet's own, which is always SIGTERM, may send another. */
function stopSignal({ lifecycle }: Pod["containers"][number]): string {
  const sent = /kill -(\w+) 1/.exec(lifecycle?.preStop?.exec?.command?.join(" ") ?? "")?.[1];
  return sent === undefined ? "SIGTERM" : `SIG${sent}`;
}

/** The normal form of a recorded Deployment, StatefulSet or Job. */
export function fromKubernetes(controller: RecordedResource, resources: readonly RecordedResource[]): NormalForm {
  const pod = (controller.inputs as { spec: { template: { spec: Pod } } }).spec.template.spec;
  const [container] = pod.containers;
  if (container === undefined) throw new Error(`${controller.name} has no container`);
  const data = (suffix: string, key: string) =>
    (resources.find(({ name }) => name === `${controller.name}-${suffix}`)?.inputs[key] ?? {}) as Record<
      string,
      string
    >;
  const [config, secret] = [data("files", "data"), data("secrets", "stringData")];
  const mounted = (container.volumeMounts ?? [])
    .filter(({ name }) => name === "files")
    .map(({ mountPath }) => mountPath);
  const secretPaths = (pod.volumes ?? [])
    .filter(({ name }) => name === "secrets")
    .flatMap(({ secret: source }) => (source?.items ?? []).map(({ path }) => `/run/secrets/${path}`));
  const contents = (paths: readonly string[], from: Record<string, string>) =>
    Object.fromEntries(paths.map((path) => [path, from[fileKey(path)] ?? "absent"]));
  const { securityContext, resources: limits, readinessProbe } = container;
  const memory = (limits?.limits as Record<string, string> | undefined)?.["memory"] ?? "0Mi";
  return {
    image: container.image ?? "",
    command: container.command ?? [],
    args: container.args ?? [],
    env: (container.env ?? []).map(
      ({ name, value, valueFrom }) => `${name}=${value ?? secret[valueFrom?.secretKeyRef?.key ?? ""] ?? ""}`,
    ),
    files: contents(mounted, config),
    secretFiles: contents(secretPaths, secret),
    volumes: (container.volumeMounts ?? [])
      .filter(({ name }) => !/^(files|secrets|scratch-.*)$/.test(name))
      .map(({ name, mountPath }) => `${name} ${mountPath}`),
    probe: readinessProbe?.exec?.command?.join(" ") ?? readinessProbe?.httpGet?.path ?? "",
    user: `${pod.securityContext?.runAsUser ?? 0}:${pod.securityContext?.runAsGroup ?? 0}`,
    memory: String(memory.endsWith("Gi") ? Number.parseFloat(memory) * 1024 : Number.parseFloat(memory)),
    cpu: millicores(((limits?.limits as Record<string, string> | undefined)?.["cpu"] ?? "0") as Cpu),
    droppedCapabilities: securityContext?.capabilities?.drop ?? [],
    addedCapabilities: securityContext?.capabilities?.add ?? [],
    readOnlyRoot: securityContext?.readOnlyRootFilesystem ?? false,
    stopSignal: stopSignal(container),
    stopSeconds: pod.terminationGracePeriodSeconds ?? 0,
  };
}
