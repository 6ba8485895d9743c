import type { V1Container, V1EnvVar, V1PodSpec, V1PodTemplateSpec, V1Volume } from "@kubernetes/client-node";

/** Where the volumes of other services lie in the pod of a backup. */
const SOURCES = "/sources/";
const REPOSITORY = "/backup";
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
export function treesOf(template: V1PodTemplateSpec): readonly TreeMount[] {
  const { pod, container } = partsOf(template);
  return (container.volumeMounts ?? [])
    .filter(({ mountPath }) => mountPath.startsWith(SOURCES))
    .map(({ name, mountPath }) => ({
      name: mountPath.slice(SOURCES.length),
      claim: pod.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName ?? "",
    }));
}

/** The backup's pod without the files of others, and with the administrator's password. */
export function databasePod(template: V1PodTemplateSpec, passwordSecret: string): V1PodTemplateSpec {
  const { pod, container } = partsOf(template);
  const volumes = (pod.volumes ?? []).map((volume) => (volume.name === "secrets" ? withPassword(volume, passwordSecret) : volume));
  const mounts = (container.volumeMounts ?? []).filter(({ mountPath }) => !mountPath.startsWith(SOURCES));
  return assembled(template, { ...pod, volumes }, { ...container, volumeMounts: mounts, env: withEnv(container, { BACKUP_TREES: "" }) });
}

/**
 * A pod that writes one volume as the owner of its files. It reads the
 * repository through the backup's group, and has no database's password but
 * the one that only reads.
 */
export function treePod(template: V1PodTemplateSpec, { name, claim }: TreeMount, { uid, gid }: Owner): V1PodTemplateSpec {
  const { pod, container } = partsOf(template);
  const readers = pod.securityContext?.runAsGroup;
  const path = `${SOURCES}${name}`;
  const volumeMounts = (container.volumeMounts ?? [])
    .filter(({ mountPath }) => mountPath === path || !(mountPath.startsWith(SOURCES) || mountPath === "/backup-metrics"))
    .map((mount) => ({ ...mount, readOnly: mount.mountPath !== path }));
  const volumes = (pod.volumes ?? []).map((volume) => {
    const { persistentVolumeClaim: source } = volume;
    // Mounted read-only, a volume keeps its owner and modes; mounted for writing, the kubelet gives it to the pod's group.
    return source === undefined ? volume : { ...volume, persistentVolumeClaim: { ...source, readOnly: source.claimName !== claim } };
  });
  const securityContext = { ...pod.securityContext, runAsUser: uid, runAsGroup: gid, fsGroup: gid, supplementalGroups: readers === undefined ? [] : [readers] };
  return assembled(
    template,
    { ...pod, securityContext, volumes: [...volumes, { name: "work", emptyDir: {} }] },
    {
      ...container,
      env: withEnv(container, { BACKUP_TREES: name, BACKUP_WORK: WORK, BACKUP_CACHE: `${WORK}/cache` }),
      volumeMounts: [...volumeMounts, { name: "work", mountPath: WORK }],
    },
  );
}

function partsOf({ spec }: V1PodTemplateSpec): { readonly pod: V1PodSpec; readonly container: V1Container } {
  const [container] = spec?.containers ?? [];
  if (spec === undefined || container === undefined) throw new Error("the backup's CronJob has no container");
  return { pod: spec, container };
}

/** Volumes that are mounted nowhere are left out: each claim binds the pod to a node. */
function assembled(template: V1PodTemplateSpec, pod: V1PodSpec, container: V1Container): V1PodTemplateSpec {
  const mounted = new Set((container.volumeMounts ?? []).map(({ name }) => name));
  return { ...template, spec: { ...pod, volumes: (pod.volumes ?? []).filter(({ name }) => mounted.has(name)), containers: [container] } };
}

function withEnv({ env = [] }: V1Container, values: Readonly<Record<string, string>>): V1EnvVar[] {
  return [...env.filter(({ name }) => !(name in values)), ...Object.entries(values).map(([name, value]) => ({ name, value }))];
}

function withPassword({ name, secret }: V1Volume, passwordSecret: string): V1Volume {
  const given = { secret: { ...(secret?.secretName && { name: secret.secretName }), ...(secret?.items && { items: secret.items }) } };
  const password = { secret: { name: passwordSecret, items: [{ key: "admin-password", path: "admin-password", mode: 0o440 }] } };
  return { name, projected: { sources: [given, password] } };
}
