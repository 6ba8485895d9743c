import type { types } from "@pulumi/kubernetes";
import { seconds } from "../../model/units.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";
import { onlyOne } from "../only-one.ts";
import type { KubernetesContext } from "./context.ts";
import { objectMetadata, selectorLabels } from "./labels.ts";
import { podTemplate, type Container, type PodSources, type PodTemplate } from "./pod.ts";
import { probes, readyTimeout } from "./probes.ts";
import { together } from "./storage.ts";

/** Time in which the ingress controller and other clients learn that a pod is going, before it is asked to stop. */
const DRAIN_SECONDS = 5;

/** Time on top of a workload's own in which its image is pulled and its pod is placed. */
const PLACEMENT_SECONDS = 120;

/** Old revisions that are kept for `kubectl rollout undo`. */
const REVISIONS = 3;

/** Whether a workload keeps its identity and its volume: one that mounts a volume of its own. */
export function isStateful({ mounts = [] }: AnyWorkloadSpec): boolean {
  return mounts.some(({ volume, readOnly = false }) => !readOnly && volume.spec.shared !== true);
}

/** Seconds after which a rollout that does not get ready has failed. */
export function rolloutSeconds(spec: AnyWorkloadSpec): number {
  return seconds(readyTimeout(spec)) + PLACEMENT_SECONDS;
}

export function deployment(
  context: KubernetesContext,
  name: string,
  spec: AnyWorkloadSpec,
  sources: PodSources,
): types.input.apps.v1.Deployment {
  return {
    metadata: objectMetadata(context, name, spec.tier),
    spec: {
      // An autoscaler owns the number; written here too, every update would set it back.
      ...(spec.autoscaling === undefined && { replicas: spec.replicas ?? 1 }),
      selector: { matchLabels: selectorLabels(context.identity, name) },
      strategy:
        onlyOne(spec) === undefined
          ? { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
          : { type: "Recreate" },
      progressDeadlineSeconds: rolloutSeconds(spec),
      revisionHistoryLimit: REVISIONS,
      template: template(context, name, spec, sources),
    },
  };
}

export function statefulSet(
  context: KubernetesContext,
  name: string,
  spec: AnyWorkloadSpec,
  sources: PodSources,
): types.input.apps.v1.StatefulSet {
  return {
    metadata: objectMetadata(context, name, spec.tier),
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: selectorLabels(context.identity, name) },
      updateStrategy: { type: "RollingUpdate" },
      revisionHistoryLimit: REVISIONS,
      template: template(context, name, spec, sources),
    },
  };
}

function template(context: KubernetesContext, name: string, spec: AnyWorkloadSpec, sources: PodSources): PodTemplate {
  return podTemplate(context, name, spec, sources, {
    component: spec.tier,
    container: {
      ports: Object.entries(spec.ports).map(([portName, { port }]) => ({
        name: portName,
        containerPort: port,
        protocol: "TCP",
      })),
      ...probes(name, spec),
      ...beforeStop(spec),
    },
    pod: {
      terminationGracePeriodSeconds: grace(spec) + drain(spec),
      ...spread(context, name, spec),
    },
  });
}

function drain({ tier }: AnyWorkloadSpec): number {
  return tier === "data" ? 0 : DRAIN_SECONDS;
}

function grace({ stopGrace = "30s" }: AnyWorkloadSpec): number {
  return seconds(stopGrace);
}

/** The kubelet sends SIGTERM only, once this has ended: another signal is sent here, and nothing follows it within the grace. */
function beforeStop(spec: AnyWorkloadSpec): Pick<Container, "lifecycle"> {
  const wait = drain(spec);
  if (spec.stopSignal !== undefined) {
    const signal = `kill -${spec.stopSignal.replace("SIG", "")} 1`;
    const command = [`sleep ${wait}`, signal, `sleep ${grace(spec)}`].join("; ");
    return { lifecycle: { preStop: { exec: { command: ["sh", "-c", command] } } } };
  }
  return wait === 0 ? {} : { lifecycle: { preStop: { sleep: { seconds: wait } } } };
}

/** Replicas go to different zones and nodes where there are such; on a single node all of them still run. */
function spread(
  context: KubernetesContext,
  name: string,
  spec: AnyWorkloadSpec,
): Pick<types.input.core.v1.PodSpec, "topologySpreadConstraints" | "affinity"> {
  const { identity, cluster } = context;
  // One that is made during an update needs the volume too. A volume of k3s's provisioner holds its pods by itself.
  if (together(context, spec) !== undefined && cluster.storageClass !== undefined)
    return { affinity: onOneNode(selectorLabels(identity, name)) };
  if (!isReplicated(spec)) return {};
  const topologySpreadConstraints = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(identity, name) },
    // Without this, pods of the old revision count during an update and the new ones end up together.
    matchLabelKeys: ["pod-template-hash"],
  }));
  return { topologySpreadConstraints };
}

function onOneNode(matchLabels: Record<string, string>): types.input.core.v1.Affinity {
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

/** Whether more than one pod runs at times other than an update. */
export function isReplicated({ replicas = 1, autoscaling }: AnyWorkloadSpec): boolean {
  return replicas > 1 || autoscaling !== undefined;
}
