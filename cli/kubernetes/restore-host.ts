import type { V1OwnerReference, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { RestoreHost } from "../backup/host.js";
import { CliError } from "../exit.js";
import type { Cluster } from "./client.js";
import { databasePod, treePod, treesOf, type Owner } from "./restore-pods.js";
import { runScript } from "./script-job.js";

export interface RestoreJobsArgs {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The pod of the backup's own schedule. */
  readonly template: V1PodTemplateSpec;
  readonly owner: V1OwnerReference;
  readonly administratorPassword: string;
}

type Step = Parameters<RestoreHost["step"]>[0];

/** What the API server has it under, for as long as a restore takes. */
const PASSWORD_SECRET = "backup-restore";

/**
 * Restores with Jobs: one for the databases, and one a volume that runs as the
 * user that owns its files. Each step is whole or is undone by the next one.
 */
export async function openRestoreJobs({ cluster, namespace, template, owner, administratorPassword }: RestoreJobsArgs): Promise<RestoreHost> {
  const trees = await Promise.all(treesOf(template).map(async (tree) => ({ tree, owner: await ownerOf(cluster, namespace, tree.claim) })));
  const removePassword = () => cluster.core.deleteNamespacedSecret({ namespace, name: PASSWORD_SECRET });
  await removePassword().catch(unlessAbsent);
  await cluster.core.createNamespacedSecret({
    namespace,
    body: {
      metadata: { name: PASSWORD_SECRET, namespace, labels: { ...template.metadata?.labels }, ownerReferences: [owner] },
      stringData: { "admin-password": administratorPassword },
    },
  });
  const databases = (command: string, args: readonly string[] = []) =>
    runScript({
      ...{ cluster, namespace, owner, name: `backup-restore-${command}`, template: databasePod(template, PASSWORD_SECRET) },
      ...{ script: "restore.sh", args: [command, ...args] },
    });
  const files = (command: string, args: readonly string[] = []) =>
    allOf(
      trees.map(({ tree, owner: user }) =>
        runScript({
          ...{ cluster, namespace, owner, name: `backup-restore-${command}-${tree.name}`, template: treePod(template, tree, user) },
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
      await files("recover");
      return databases("finish");
    },
  };
  return {
    step: (name, args = []) => steps[name](args),
    close: async () => {
      await removePassword();
    },
  };
}

/** The user of the service that writes a claim. */
async function ownerOf({ apps }: Cluster, namespace: string, claim: string): Promise<Owner> {
  const [deployments, statefulSets] = await Promise.all([apps.listNamespacedDeployment({ namespace }), apps.listNamespacedStatefulSet({ namespace })]);
  const writer = [...deployments.items, ...statefulSets.items]
    .map(({ spec }) => spec?.template.spec)
    .find((pod) => {
      const volume = pod?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim)?.name;
      return pod?.containers.some(({ volumeMounts = [] }) => volumeMounts.some(({ name, readOnly = false }) => name === volume && !readOnly)) === true;
    });
  const { runAsUser: uid, runAsGroup: gid } = writer?.securityContext ?? {};
  if (uid === undefined || gid === undefined)
    throw new CliError(`volume ${claim}: no service writes it, so nobody knows whose files it holds; run: npm run up; nothing was changed`);
  return { uid, gid };
}

/** Waits for all, so that none goes on unseen, and then throws what the first of them threw. */
async function allOf(runs: readonly Promise<string>[]): Promise<void> {
  const ends = await Promise.allSettled(runs);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function unlessAbsent(error: unknown): void {
  if ((error as { code?: number }).code !== 404) throw error;
}
