import type { V1Container, V1EnvVar, V1PodSpec, V1PodTemplateSpec, V1Volume } from "@kubernetes/client-node";
import type { BackupSource } from "../source.ts";
import type { Plain } from "../../runtime/kubernetes/plain.ts";

export type PodTemplate = Plain<V1PodTemplateSpec>;

/** Where the volumes of other services lie in the pod of a backup. */
const SOURCES = "/sources/";
const METRICS = "/backup-metrics";
/** What a restore of files writes beside them. */
const WORK = "/restore-work";

/** A volume of files in the pod of a backup. */
export interface TreeMount {
  readonly name: string;
  /** The claim that holds them. */
  readonly claim: string;
}

/** Who owns a service's files. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The volumes of files that a backup's pod reads. */
export function treesOf(template: PodTemplate): readonly TreeMount[] {
  const { pod, container } = partsOf(template);
  return (container.volumeMounts ?? [])
    .filter(({ mountPath }) => mountPath.startsWith(SOURCES))
    .map(({ name, mountPath }) => ({
      name: mountPath.slice(SOURCES.length),
      claim: pod.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName ?? "",
    }));
}

/** The backup's pod with the sets of another stack. Its local repository is a volume of another namespace, so there is none. */
export function podFrom(template: PodTemplate, { stack }: Pick<BackupSource, "stack">, secret: string): PodTemplate {
  const { pod, container } = partsOf(template);
  const value = (key: string) => container.env?.find(({ name }) => name === key)?.value ?? "";
  const own = `/${value("BACKUP_STACK")}`;
  const remote = value("BACKUP_REMOTE");
  const env = withEnv(container, {
    BACKUP_FROM: stack,
    BACKUP_LOCAL: `/repository-of/${stack}`,
    BACKUP_REMOTE: remote.endsWith(own) ? `${remote.slice(0, -own.length)}/${stack}` : remote,
  });
  return withSecretFiles(assembled(template, pod, { ...container, env }), secret, ["backup-password"]);
}

export interface DatabasePodExtras {
  /** Files of the Secret beside the administrator's password. @default [] */
  readonly secrets?: readonly string[];
  /** @default {} */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** The backup's pod without the files of others, and with the administrator's password. */
export function databasePod(
  template: PodTemplate,
  secret: string,
  { secrets = [], env = {} }: DatabasePodExtras = {},
): PodTemplate {
  const { pod, container } = partsOf(template);
  const volumeMounts = (container.volumeMounts ?? []).filter(({ mountPath }) => !mountPath.startsWith(SOURCES));
  return withSecretFiles(
    assembled(template, pod, { ...container, volumeMounts, env: withEnv(container, { BACKUP_TREES: "", ...env }) }),
    secret,
    ["admin-password", ...secrets],
  );
}

/**
 * A pod that writes one volume as the owner of its files. It reads the
 * repository through the backup's group, and has no password of a database but
 * that of the role that only reads.
 */
export function treePod(
  template: PodTemplate,
  { name, claim }: TreeMount,
  { uid, gid }: Owner,
  env: Readonly<Record<string, string>> = {},
): PodTemplate {
  const { pod, container } = partsOf(template);
  const readers = pod.securityContext?.runAsGroup;
  const path = `${SOURCES}${name}`;
  const volumeMounts = (container.volumeMounts ?? [])
    .filter(({ mountPath }) => mountPath === path || !(mountPath.startsWith(SOURCES) || mountPath === METRICS))
    .map((mount) => ({ ...mount, readOnly: mount.mountPath !== path }));
  const volumes = (pod.volumes ?? []).map((volume) => {
    const { persistentVolumeClaim: source } = volume;
    // Mounted read-only, a volume keeps its owner and modes; mounted for writing, the kubelet gives it to the pod's group.
    return source === undefined
      ? volume
      : { ...volume, persistentVolumeClaim: { ...source, readOnly: source.claimName !== claim } };
  });
  const securityContext = {
    ...pod.securityContext,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    supplementalGroups: readers === undefined ? [] : [readers],
  };
  return assembled(
    template,
    { ...pod, securityContext, volumes: [...volumes, { name: "work", emptyDir: {} }] },
    {
      ...container,
      env: withEnv(container, { ...env, BACKUP_TREES: name, BACKUP_WORK: WORK, BACKUP_CACHE: `${WORK}/cache` }),
      volumeMounts: [...volumeMounts, { name: "work", mountPath: WORK }],
    },
  );
}

function partsOf({ spec }: PodTemplate): { readonly pod: Plain<V1PodSpec>; readonly container: Plain<V1Container> } {
  const [container] = spec?.containers ?? [];
  if (spec === undefined || container === undefined) throw new Error("the backup's CronJob has no container");
  return { pod: spec, container };
}

/** Volumes that are mounted nowhere are left out: each claim binds the pod to a node. */
function assembled(template: PodTemplate, pod: Plain<V1PodSpec>, container: Plain<V1Container>): PodTemplate {
  const mounted = new Set((container.volumeMounts ?? []).map(({ name }) => name));
  return {
    ...template,
    spec: { ...pod, volumes: (pod.volumes ?? []).filter(({ name }) => mounted.has(name)), containers: [container] },
  };
}

function withEnv({ env = [] }: Plain<V1Container>, values: Readonly<Record<string, string>>): Plain<V1EnvVar>[] {
  return [
    ...env.filter(({ name }) => !(name in values)),
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
  ];
}

/** Secret files from another Secret, in the place of the pod's own where it has them. */
function withSecretFiles(template: PodTemplate, secret: string, files: readonly string[]): PodTemplate {
  const { pod, container } = partsOf(template);
  const volumes = (pod.volumes ?? []).map((volume) =>
    volume.name === "secrets" ? projected(volume, secret, files) : volume,
  );
  return assembled(template, { ...pod, volumes }, container);
}

function projected(
  { name, secret: own, projected: several }: Plain<V1Volume>,
  secret: string,
  files: readonly string[],
): Plain<V1Volume> {
  const sources = several?.sources ?? [
    { secret: { ...(own?.secretName && { name: own.secretName }), ...(own?.items && { items: own.items }) } },
  ];
  const others = sources.map((source) => ({
    secret: { ...source.secret, items: source.secret?.items?.filter(({ path }) => !files.includes(path)) ?? [] },
  }));
  return {
    name,
    projected: {
      sources: [
        ...others,
        { secret: { name: secret, items: files.map((file) => ({ key: file, path: file, mode: 0o440 })) } },
      ],
    },
  };
}
