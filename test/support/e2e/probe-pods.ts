import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { kubectl, kubectlApply } from "./cluster.ts";
import type { TestProject } from "./e2e.ts";

export interface Connections {
  /** Such as `kratos -> postgres:5432`, sorted. */
  readonly open: readonly string[];
  /** What was tried in vain although somebody else reached that port. */
  readonly closed: readonly string[];
}

/**
 * Starts a pod with the labels of every workload and job, and asks each which ports it can reach: those that the model
 * names, and further ones by their address, such as `10.42.0.7:9333`.
 */
export async function connections(
  project: TestProject,
  namespace: string,
  further: readonly string[] = [],
): Promise<Connections> {
  const inNamespace = (...args: string[]) => kubectl("--namespace", namespace, ...args);
  const { stdout } = await project.cli(["render", "--out", `${project.directory}/rendered`, "--json"]);
  const { file } = JSON.parse(stdout) as { file: string };
  const objects = readdirSync(file)
    .filter((name) => /-(deployment|statefulset|job)-/.test(name))
    .map(
      (name) =>
        parse(readFileSync(`${file}/${name}`, "utf8")) as {
          spec: {
            template: {
              metadata: { labels: Record<string, string> };
              spec: { containers: { name: string; ports?: { containerPort: number }[] }[] };
            };
          };
        },
    )
    .map(({ spec }) => ({ labels: spec.template.metadata.labels, container: spec.template.spec.containers[0]! }));
  const named = objects.flatMap(({ container }) =>
    (container.ports ?? []).map(({ containerPort }) => `${container.name}:${containerPort}`),
  );
  const targets = [...named, ...further];
  const script = [
    // Policies learn the address of a new pod within seconds.
    "sleep 8",
    ...targets.map(
      (target) => `(timeout 4 bash -c '</dev/tcp/${target.replace(":", "/")}' 2>/dev/null && echo ${target}) &`,
    ),
    "wait",
  ].join("\n");
  for (const { labels, container } of objects) await kubectlApply(probePod(namespace, container.name, labels, script));
  const open: string[] = [];
  for (const { container } of objects) {
    const pod = `probe-${container.name}`;
    await inNamespace("wait", "--for=jsonpath={.status.phase}=Succeeded", `pod/${pod}`, "--timeout=120s");
    const lines = (await inNamespace("logs", pod)).split("\n").filter((line) => line !== "");
    open.push(...lines.map((line) => `${container.name} -> ${line}`));
  }
  await inNamespace("delete", "pods", "--selector", "apprun.io/probe=true", "--wait=true");
  const reached = new Set(open.map((pair) => pair.split(" -> ")[1]));
  const tried = objects.flatMap(({ container }) =>
    targets.flatMap((target) => (reached.has(target) ? [`${container.name} -> ${target}`] : [])),
  );
  return { open: open.sort(), closed: tried.filter((pair) => !open.includes(pair)) };
}

/** The labels decide which policies hold for it; it is never ready, so that no Service sends it anything. */
function probePod(namespace: string, name: string, labels: Record<string, string>, script: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `probe-${name}`, namespace, labels: { ...labels, "apprun.io/probe": "true" } },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "probe",
          image: "postgres:17",
          command: ["bash", "-c", script],
          readinessProbe: { exec: { command: ["false"] } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}
