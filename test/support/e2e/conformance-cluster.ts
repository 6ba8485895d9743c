import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasClusterReferences, hasClusterWith, kubectl, pods, SMALL_CLUSTER, wipeCluster } from "./cluster.ts";
import { MARKS, markScript, readMarks, VOLUMES, type ConformancePlace } from "./conformance-place.ts";

const POD = "conformance-marks";

/** A cluster, as the conformance suite asks it about a stack. */
export function clusterPlace(stack: string): ConformancePlace {
  const namespace = `apprun-${stack}`;
  const inNamespace = (...args: string[]) => kubectl("--namespace", namespace, ...args);
  /** Runs a script in a pod that mounts claims, and returns what it printed. */
  const among = async (volumes: readonly { readonly name: string; readonly id: string }[], script: string) => {
    const file = join(mkdtempSync(join(tmpdir(), "conformance-")), "pod.json");
    writeFileSync(file, JSON.stringify(marksPod(namespace, volumes, script)));
    await inNamespace("apply", "--filename", file);
    try {
      await inNamespace("wait", "--for=jsonpath={.status.phase}=Succeeded", `pod/${POD}`, "--timeout=120s");
      return await inNamespace("logs", POD);
    } finally {
      await inNamespace("delete", "pod", POD, "--wait=true");
    }
  };
  return {
    target: "kubernetes",
    small: SMALL_CLUSTER,
    hasImages: hasClusterWith,
    async running({ workloads }) {
      const names = workloads.filter(({ kind }) => kind === "workload").map(({ name }) => name);
      const found = await Promise.all(
        names.map(
          async (name) => [name, Object.values(await pods(namespace, `app.kubernetes.io/name=${name}`))] as const,
        ),
      );
      return Object.fromEntries(
        found.flatMap(([name, uids]) => (uids.length > 0 ? [[name, uids.sort().join(" ")]] : [])),
      );
    },
    async mark(volumes, text) {
      await among(volumes, markScript(text));
    },
    marks: async (volumes) => (volumes.length === 0 ? {} : readMarks(await among(volumes, MARKS))),
    async hasVolume({ id }) {
      return (await inNamespace("get", "persistentvolumeclaim", id, "--ignore-not-found", "--output", "name")) !== "";
    },
    offerTag: (repository, _, newer) => hasClusterReferences(`${repository}:${newer}`),
    wipe: () => wipeCluster(namespace),
  };
}

function marksPod(
  namespace: string,
  volumes: readonly { readonly name: string; readonly id: string }[],
  script: string,
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: POD, namespace },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
      volumes: volumes.map(({ name, id }) => ({ name, persistentVolumeClaim: { claimName: id } })),
      containers: [
        {
          name: "marks",
          image: "postgres:17",
          command: ["bash", "-c", script],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: volumes.map(({ name }) => ({ name, mountPath: `${VOLUMES}/${name}` })),
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "32Mi" } },
        },
      ],
    },
  };
}
