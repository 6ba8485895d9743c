import { disruptionBudget } from "../../../policies/kubernetes/disruption-budget.ts";
import { deployment, describePolicy, resource } from "../describe-policy.ts";

const END =
  'Deployment "app": got no PodDisruptionBudget; allowed: a PodDisruptionBudget that selects its pods; let the platform make it';
const budget = (matchLabels?: object) =>
  resource("kubernetes:policy/v1:PodDisruptionBudget", "x", { spec: { selector: { matchLabels } } });

describePolicy(disruptionBudget, {
  passes: {
    "a budget": [deployment(), budget({ "app.kubernetes.io/name": "app" })],
    "a StatefulSet": deployment({}, "postgres", "apps/v1:StatefulSet"),
    "one replica": deployment({ spec: { replicas: 1 } }),
  },
  fails: {
    none: [deployment(), END],
    "a budget of another": [[deployment(), budget({ "app.kubernetes.io/name": "other" })], END],
    "a budget of part of its pods": [[deployment(), budget({ "app.kubernetes.io/name": "app", track: "canary" })], END],
    "something else that selects its pods": [
      [
        deployment(),
        resource("kubernetes:example.com/v1:Plan", "x", {
          spec: { selector: { matchLabels: { "app.kubernetes.io/name": "app" } } },
        }),
      ],
      END,
    ],
    "a budget of nothing": [[deployment(), budget()], END],
  },
});
