import { X509Certificate } from "node:crypto";
import { namespaceOf } from "../../components/platform/kubernetes/context.ts";
import { verdict } from "../../components/model/problem.ts";
import { CliError } from "../kit/exit.ts";
import { connect, type Cluster } from "../runtime/kubernetes/client.ts";
import { clusterProblems, clusterWeaknesses } from "../runtime/kubernetes/cluster-check.ts";
import { clusterFacts, clusterNeeds } from "../runtime/kubernetes/cluster-facts.ts";
import { egressProblems } from "../runtime/kubernetes/egress-check.ts";
import { socketQuery } from "../runtime/psql.ts";
import { execInPod } from "../runtime/kubernetes/exec.ts";
import { KubernetesRuntime } from "../runtime/kubernetes/kubernetes-runtime.ts";
import type { Project } from "../kit/project.ts";
import { kubeconfigOf } from "../runtime/create.ts";
import { isGood, type Observation } from "../runtime/runtime.ts";
import { clusterObjectFindings } from "./cluster-objects.ts";
import { dataApiFindings } from "./data-api.ts";
import { findings, type DoctorFinding } from "./finding.ts";
import { daysLeftOf } from "./network.ts";
import { nodeFindings } from "./nodes.ts";
import { schemaFindings, type Query } from "./schemas.ts";
import { slotFindings } from "./slots.ts";

const cluster = findings("cluster");
const pods = findings("pods");

/** The pod of the stack's own database server, and its container. */
const POSTGRES = { pod: "postgres-0", container: "postgres" };

/** Everything about a stack that its cluster can tell: whether it can take the stack, and how each object is. */
export async function clusterFindings(project: Project): Promise<readonly DoctorFinding[]> {
  const namespace = namespaceOf(project.settings.identity);
  try {
    const source = await kubeconfigOf(project);
    const runtime = new KubernetesRuntime(source, namespace);
    await runtime.require();
    const api = connect(source);
    const observations = await runtime.observe(project.recording.result.inventory);
    return [
      ...(await abilityFindings(api, namespace, project)),
      ...(await nodeFindings(api, Date.now())),
      ...podFindings(observations),
      ...(await clusterObjectFindings(api, namespace, project)),
      ...(await databasesPart(api, namespace, project, observations)),
      ...(await certificateFindings(api, namespace)),
    ];
  } catch (error) {
    return complaint(error);
  }
}

/** Whether it can take the stack, and what an operator should know of it. */
async function abilityFindings(api: Cluster, namespace: string, project: Project): Promise<readonly DoctorFinding[]> {
  const needs = clusterNeeds(project);
  const facts = await clusterFacts(api, namespace, needs);
  return [
    ...clusterProblems(facts, needs).map(cluster.problem),
    ...(await egressProblems(project.settings)).problems.map(cluster.problem),
    ...clusterWeaknesses(facts, needs).map((weakness) => cluster.warning(verdict(weakness), weakness.fix)),
  ];
}

/** That one is missing is told with its object. */
function podFindings(observations: readonly Observation[]): readonly DoctorFinding[] {
  return observations
    .filter((observation) => !isGood(observation) && observation.state !== "missing")
    .map(({ service, instance, state }) =>
      pods.error(`${service}: pods of ${instance}: ${state}`, "npm run up, which repairs what can be repaired"),
    );
}

async function databasesPart(
  api: Cluster,
  namespace: string,
  { settings }: Project,
  observations: readonly Observation[],
): Promise<readonly DoctorFinding[]> {
  const server = observations.find(({ service }) => service === POSTGRES.container);
  // That it does not run is a finding of its own.
  if (settings.postgres.mode !== "container" || server === undefined || !isGood(server)) return [];
  const query: Query = (database, sql) =>
    execInPod(api, namespace, POSTGRES.pod, POSTGRES.container, socketQuery(database, sql));
  return [
    ...(await schemaFindings(
      settings,
      query,
      (job) => `kubectl --namespace ${namespace} delete job ${job}; npm run up`,
    )),
    ...(await dataApiFindings(settings, query)),
    ...(await slotFindings(settings, query)),
  ];
}

/** The certificates that the ingress controller serves, whoever renews them. */
async function certificateFindings(api: Cluster, namespace: string): Promise<readonly DoctorFinding[]> {
  const { items } = await api.core.listNamespacedSecret({ namespace, fieldSelector: "type=kubernetes.io/tls" });
  return items.flatMap(({ metadata, data }) =>
    daysLeftOf(
      `secret/${metadata?.name ?? ""}`,
      new X509Certificate(Buffer.from(data?.["tls.crt"] ?? "", "base64")).validTo,
    ),
  );
}

function complaint(error: unknown): readonly DoctorFinding[] {
  if (!(error instanceof CliError)) throw error;
  const found = "problems" in error.complaint ? error.complaint.problems : [error.complaint];
  // Doctor deploys nothing anyway.
  return found
    .map(cluster.problem)
    .map(({ message, ...rest }) => ({ ...rest, message: message.replace(/^nothing was deployed: /, "") }));
}
