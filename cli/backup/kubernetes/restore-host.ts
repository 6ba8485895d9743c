import type { V1Secret } from "@kubernetes/client-node";
import { anotherRestore, ownRestore, type RestoreHost, type RestoreHostOptions } from "../host.ts";
import { maskEnvironment, maskSecrets } from "../mask.ts";
import { partsEnvironment } from "../parts.ts";
import { CliError } from "../../kit/exit.ts";
import { allOf } from "../../kit/settled.ts";
import { found, type Cluster } from "../../runtime/kubernetes/client.ts";
import type { Plain } from "../../runtime/kubernetes/plain.ts";
import { databasePod, podFrom, treePod, treesOf, type Owner, type PodTemplate } from "./restore-pods.ts";
import { endScripts, runScript, usePod, type ScriptOwner } from "./script-job.ts";
import { sendThrough } from "./send-file.ts";

export interface RestoreJobsArgs extends RestoreHostOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The pod of the backup's own schedule. */
  readonly template: PodTemplate;
  readonly owner: ScriptOwner;
}

type Step = Parameters<RestoreHost["step"]>[0];

/** What passwords are under for as long as a restore takes, and what the names of its Jobs begin with. */
const NAME = "backup-restore";

/**
 * Restores with Jobs: one for the databases, and one a volume that runs as the
 * user that owns its files. Each step is whole or is undone by the next one.
 */
export async function openRestoreJobs({
  cluster,
  namespace,
  template: own,
  owner,
  ...options
}: RestoreJobsArgs): Promise<RestoreHost> {
  const { administratorPassword, source, mask, parts, takeOver = false } = options;
  const partsEnv = parts === undefined ? {} : partsEnvironment(parts);
  const secrets = mask === undefined ? {} : maskSecrets(mask);
  const trees = await Promise.all(
    (mask === undefined && parts?.files !== false ? treesOf(own) : []).map(async (tree) => ({
      tree,
      user: await ownerOf(cluster, namespace, tree.claim),
    })),
  );
  await makeRoom(cluster, namespace, takeOver);
  const passwords: Plain<V1Secret> = {
    metadata: { name: NAME, namespace, labels: { ...own.metadata?.labels }, ownerReferences: [owner] },
    stringData: {
      "admin-password": administratorPassword,
      ...(source && { "backup-password": source.password }),
      ...secrets,
    },
  };
  await cluster.core.createNamespacedSecret({ namespace, body: passwords });
  const ownerEnvironment = ownRestore();
  const template = source === undefined ? own : podFrom(own, source, NAME);
  const databaseJob = (command: string) => ({
    cluster,
    namespace,
    owner,
    name: `${NAME}-${command}`,
    template: databasePod(template, NAME, {
      secrets: Object.keys(secrets),
      env: { ...ownerEnvironment, ...partsEnv, ...(mask && maskEnvironment(mask)) },
    }),
  });
  const inDatabases = (script: string, args: readonly string[]) =>
    runScript({ ...databaseJob(args[0] ?? ""), script, args });
  const databases = (command: string, args: readonly string[] = []) => inDatabases("restore.sh", [command, ...args]);
  const files = (command: string, args: readonly string[] = []) =>
    allOf(
      trees.map(({ tree, user }) =>
        runScript({
          ...{
            cluster,
            namespace,
            owner,
            name: `${NAME}-${command}-${tree.name}`,
            template: treePod(template, tree, user, partsEnv),
          },
          ...{ script: "restore-tree.sh", args: [command, ...args] },
        }),
      ),
    );
  const steps: Record<Step, (args: readonly string[]) => Promise<string>> = {
    prepare: async (args) => {
      await files("recover");
      const manifest = await databases("prepare", args);
      try {
        await files("prepare", args);
      } catch (error) {
        await files("recover");
        await databases("recover");
        throw error;
      }
      return manifest;
    },
    receive: () => databases("receive"),
    load: () => databases("load"),
    swap: async () => {
      await databases("begin");
      await files("swap");
      return databases("swap");
    },
    undo: async () => {
      await databases("begin");
      await files("recover");
      return databases("undo");
    },
    finish: async () => {
      await databases("keep");
      await files("recover");
      return databases("finish");
    },
  };
  return {
    sets: (repository) => inDatabases("sets.sh", [repository]),
    step: (name, args = []) => steps[name](args),
    send: (file) => usePod(databaseJob("send"), (run) => sendThrough(run, file)),
    close: async () => {
      await cluster.core.deleteNamespacedSecret({ namespace, name: NAME });
    },
  };
}

/** @throws CliError when another restore is there that is not to be taken over */
async function makeRoom(cluster: Cluster, namespace: string, takeOver: boolean): Promise<void> {
  if ((await found(cluster.core.readNamespacedSecret({ namespace, name: NAME }))) !== undefined) {
    if (!takeOver) throw new CliError(anotherRestore(`Secret ${namespace}/${NAME}`));
    await cluster.core.deleteNamespacedSecret({ namespace, name: NAME });
  }
  await endScripts(cluster, namespace, `${NAME}-`);
}

/** The user of the service that writes a claim. */
async function ownerOf({ apps }: Cluster, namespace: string, claim: string): Promise<Owner> {
  const [deployments, statefulSets] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
  ]);
  const writer = [...deployments.items, ...statefulSets.items]
    .map(({ spec }) => spec?.template.spec)
    .find((pod) => {
      const volume = pod?.volumes?.find(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim,
      )?.name;
      return (
        pod?.containers.some(({ volumeMounts = [] }) =>
          volumeMounts.some(({ name, readOnly = false }) => name === volume && !readOnly),
        ) === true
      );
    });
  const [uid, gid] = [writer?.securityContext?.runAsUser, writer?.securityContext?.runAsGroup];
  if (uid === undefined || gid === undefined)
    throw new CliError({
      happened: `volume ${claim}: no service writes it, so nobody knows whose files it holds`,
      fix: "nothing was changed; run: npm run up",
    });
  return { uid, gid };
}
