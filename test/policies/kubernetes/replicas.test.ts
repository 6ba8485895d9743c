import { replicas } from "../../../policies/kubernetes/replicas.ts";
import { deployment, describePolicy, networkPolicy, resource } from "../describe-policy.ts";

const END =
  "; allowed: 2 replicas or more, or an autoscaler; 1 with strategy Recreate, or where no route and no pod but Prometheus may connect; raise its replicas";
const ONE = `Deployment "app": got 1 replica${END}`;
const scaler = (minReplicas: number | undefined, name = "app") =>
  resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "app", {
    spec: { minReplicas, scaleTargetRef: { name } },
  });
const times = (count: number | undefined, name?: string) => deployment({ spec: { replicas: count } }, name);
const strategy = (type: string) => deployment({ spec: { replicas: 1, strategy: { type } } });
const listening = (...ports: readonly string[]) =>
  deployment({
    spec: { replicas: 1 },
    container: { ports: ports.map((name, index) => ({ name, containerPort: 8000 + index })) },
  });
const client = (name = "client", kind?: string) => deployment({ labels: { calls: "app" } }, name, kind);
const fromClients = { from: [{ podSelector: { matchLabels: { calls: "app" } } }], ports: [{ port: 8000 }] };

describePolicy(replicas, {
  passes: {
    two: times(2),
    "an autoscaler from two": [times(undefined), scaler(2)],
    "what must not run twice": strategy("Recreate"),
    "what Prometheus alone asks": listening("metrics"),
    "what Prometheus alone may ask": [listening("http", "metrics"), networkPolicy("app", fromClients)],
    "a port that a policy opens to nobody": [listening("http"), networkPolicy("app")],
    "what clients of another port call": [
      listening("http"),
      networkPolicy("app", { ...fromClients, ports: [{ port: 8001 }] }),
      client(),
    ],
    "what a route of another leads to": [
      listening("http"),
      networkPolicy("app"),
      networkPolicy("other", { from: [{ namespaceSelector: {} }] }),
    ],
    "a StatefulSet": deployment({ spec: { replicas: 1 } }, "postgres", "apps/v1:StatefulSet"),
  },
  fails: {
    one: [times(1), ONE],
    "the default": [times(undefined), ONE],
    "an autoscaler down to one": [[times(5), scaler(undefined)], ONE],
    "an autoscaler of another": [[times(undefined), scaler(3, "other")], ONE],
    "one that is replaced pod by pod": [strategy("RollingUpdate"), ONE],
    "a port that no policy closes": [listening("http"), ONE],
    "a port that something else than a policy closes": [
      [listening("http"), { ...networkPolicy("app"), type: "kubernetes:cilium.io/v2:CiliumNetworkPolicy" }],
      ONE,
    ],
    "a port that only its way out is bound by": [[listening("http"), networkPolicy("app", undefined, "Egress")], ONE],
    "what another pod calls": [
      [listening("metrics", "http"), networkPolicy("app", { ...fromClients, ports: [{ port: 8001 }] }), client()],
      ONE,
    ],
    "what one of two clients is there for": [
      [
        listening("http"),
        networkPolicy("app", { from: [{ podSelector: { matchLabels: { no: "pod" } } }, ...fromClients.from] }),
        client(),
      ],
      ONE,
    ],
    "what is called at one of two ports": [
      [listening("http"), networkPolicy("app", { ...fromClients, ports: [{ port: 9000 }, { port: 8000 }] }), client()],
      ONE,
    ],
    "what a task calls": [
      [listening("http"), networkPolicy("app", fromClients), client("nightly", "batch/v1:CronJob")],
      ONE,
    ],
    "what is called by a port's name": [
      [listening("http"), networkPolicy("app", { ...fromClients, ports: [{ port: "http" }] }), client()],
      ONE,
    ],
    "what is called at every port": [
      [listening("http"), networkPolicy("app", { from: fromClients.from }), client()],
      ONE,
    ],
    "what everybody may call": [[listening("http"), networkPolicy("app", {})], ONE],
    "what a route leads to": [
      [
        listening("http"),
        networkPolicy("app"),
        networkPolicy("app", { from: [{ namespaceSelector: {}, podSelector: { matchLabels: { no: "pod" } } }] }),
      ],
      ONE,
    ],
  },
});
