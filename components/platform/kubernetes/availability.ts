import type { types } from "@pulumi/kubernetes";
import type { AnyWorkloadSpec, Autoscaling } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { objectMetadata, selectorLabels } from "./labels.ts";

/** Lets a drain take one replica at a time; one that is not ready anyway does not hold it up. */
export function disruptionBudget(
  context: KubernetesContext,
  name: string,
  spec: AnyWorkloadSpec,
): types.input.policy.v1.PodDisruptionBudget {
  return {
    metadata: objectMetadata(context, name, spec.tier),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(context.identity, name) },
    },
  };
}

export function autoscaler(
  context: KubernetesContext,
  name: string,
  spec: AnyWorkloadSpec,
  { maxReplicas, cpuPercent }: Autoscaling,
): types.input.autoscaling.v2.HorizontalPodAutoscaler {
  return {
    metadata: objectMetadata(context, name, spec.tier),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: spec.replicas ?? 1,
      maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
        },
      ],
    },
  };
}
