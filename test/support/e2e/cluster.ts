import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { findEngine } from "../../../cli/engine/find.ts";
import { selectImage, type ImageName } from "../../../components/services/catalogue.ts";
import { SMALL } from "./e2e.ts";

const run = promisify(execFile);

/** Requests that let a whole stack fit on a node beside others. */
export const LITTLE = { requests: { cpu: "20m", memory: "64Mi" } };

/** The smallest stack that runs on a cluster. */
export const SMALL_CLUSTER = {
  ...SMALL,
  platform: "kubernetes",
  kratos: { resources: LITTLE },
  // Debian's variant: any image of this name has that user.
  images: { pins: { ...SMALL.images.pins, postgres: { tag: "17" } } },
};

/** Runs kubectl in a namespace and returns its output. */
export async function kubectl(...args: string[]): Promise<string> {
  return (await run("kubectl", args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
}

/** The same with what it printed on standard error, where it warns. */
export async function kubectlBoth(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run("kubectl", args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout + stderr;
}

export async function kubectlApply(object: object): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), "apply-")), "object.json");
  writeFileSync(file, JSON.stringify(object));
  await kubectl("apply", "--filename", file);
}

/** Whether a cluster answers and the engine can use it; the tests that need one are skipped by name otherwise. */
export async function hasCluster(): Promise<boolean> {
  if ("missing" in (await findEngine())) return false;
  try {
    await kubectl("get", "nodes", "--request-timeout=5s");
    return true;
  } catch {
    return false;
  }
}

/** Whether a cluster answers whose nodes have these images. */
export function hasClusterWith(...names: readonly ImageName[]): Promise<boolean> {
  return hasClusterReferences(...names.map((name) => selectImage(name).reference));
}

/** The same of images that are not in the catalogue. */
export async function hasClusterReferences(...references: readonly string[]): Promise<boolean> {
  if (!(await hasCluster())) return false;
  const images = await kubectl("get", "nodes", "--output", "jsonpath={.items[*].status.images[*].names[*]}");
  // Nodes write docker.io/library before what has no registry.
  const names = images.split(" ").map((name) => `/${name}`);
  return references.every((reference) => names.some((name) => name.endsWith(`/${reference}`)));
}

/** Pods of a namespace that were not finished, by name with their uid. */
export async function pods(namespace: string, selector = ""): Promise<Record<string, string>> {
  const list = JSON.parse(
    await kubectl("--namespace", namespace, "get", "pods", "--selector", selector, "--output", "json"),
  ) as {
    items: { metadata: { name: string; uid: string; deletionTimestamp?: string }; status: { phase: string } }[];
  };
  const running = list.items.filter(
    ({ metadata, status }) => status.phase === "Running" && metadata.deletionTimestamp === undefined,
  );
  return Object.fromEntries(running.map(({ metadata }) => [metadata.name, metadata.uid]));
}

/** Waits until a Deployment has the pods of its last version and none that is still on its way out. */
export async function settled(namespace: string, name: string, replicas = 1): Promise<void> {
  await kubectl("--namespace", namespace, "rollout", "status", `deployment/${name}`, "--timeout=120s");
  const selector = ["--selector", `app.kubernetes.io/name=${name}`];
  const names = () => kubectl("--namespace", namespace, "get", "pods", ...selector, "--output", "name");
  await expect
    .poll(async () => (await names()).trim().split("\n").length, { timeout: 120_000, interval: 1000 })
    .toBe(replicas);
}

/** Where the ingress controller answers. */
export async function ingressAddress(): Promise<string> {
  const path = "{.status.loadBalancer.ingress[0].ip}";
  return (
    await kubectl("--namespace", "kube-system", "get", "service", "traefik", "--output", `jsonpath=${path}`)
  ).trim();
}

/** Removes everything of a stack from the cluster, whatever its state file says. */
export async function wipeCluster(namespace: string): Promise<void> {
  const volumes = JSON.parse(await kubectl("get", "persistentvolumes", "--output", "json")) as {
    items: { metadata: { name: string }; spec: { claimRef?: { namespace: string } } }[];
  };
  const own = volumes.items
    .filter(({ spec }) => spec.claimRef?.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  for (const name of own)
    await kubectl("patch", "persistentvolume", name, "--patch", '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}');
  await kubectl("delete", "namespace", namespace, "--ignore-not-found", "--timeout=180s");
  await kubectl("delete", "storageclass", `${namespace}-data`, "--ignore-not-found");
}

/** What a statement answers on a stack's own server, asked as the superuser through the socket in its pod. */
export const psqlIn = (namespace: string, statement: string, database = "postgres"): Promise<string> => {
  const login = ["--host", "/var/run/postgresql", "--username", "postgres", "--dbname", database];
  const psql = ["psql", ...login, "--no-align", "--tuples-only"];
  return kubectl("--namespace", namespace, "exec", "postgres-0", "--", ...psql, "--command", statement);
};
