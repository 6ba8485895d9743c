import { replicas } from "../../../policies/kubernetes/replicas.ts";
import { deployment, describePolicy, resource } from "../../support/record/policies.ts";

const END =
  "; allowed: 2 replicas or more, or an autoscaler; 1 for backup-metrics, cache-exporter, grafana, kube-state-metrics, kratos, nats-exporter, postgres-exporter, temporal, temporal-ui; raise its replicas";
const scaler = (minReplicas: number | undefined, name = "app") =>
  resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "app", { spec: { minReplicas, scaleTargetRef: { name } } });
const times = (count: number | undefined, name?: string) => deployment({ spec: { replicas: count } }, name);

describePolicy(replicas, {
  passes: {
    two: times(2),
    "an autoscaler from two": [times(undefined), scaler(2)],
    "what may not run twice": times(1, "grafana"),
    "an exporter": times(1, "postgres-exporter"),
    "a StatefulSet": deployment({ spec: { replicas: 1 } }, "postgres", "apps/v1:StatefulSet"),
  },
  fails: {
    one: [times(1), `Deployment "app": got 1 replica${END}`],
    "the default": [times(undefined), `Deployment "app": got 1 replica${END}`],
    "an autoscaler down to one": [[times(5), scaler(undefined)], `Deployment "app": got 1 replica${END}`],
    "an autoscaler of another": [[times(undefined), scaler(3, "other")], `Deployment "app": got 1 replica${END}`],
  },
});
