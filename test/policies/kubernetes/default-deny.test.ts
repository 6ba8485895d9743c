import { defaultDeny } from "../../../policies/kubernetes/default-deny.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END =
  'Namespace "ns": got none; allowed: a NetworkPolicy of all its pods for Ingress and Egress without a rule; let the platform make it';
const namespace = resource("kubernetes:core/v1:Namespace", "ns", { metadata: { name: "apprun-prod" } });
const policy = (spec: object, ns = "apprun-prod") =>
  resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "deny", { metadata: { namespace: ns }, spec });
const all = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

describePolicy(defaultDeny, {
  passes: {
    "a policy of all pods": [namespace, policy(all)],
    "a policy with empty parts": [
      namespace,
      policy({ ...all, podSelector: { matchLabels: {}, matchExpressions: [] }, ingress: [], egress: [] }),
    ],
    "no namespace": policy({}),
  },
  fails: {
    "no policy": [namespace, END],
    "one way only": [[namespace, policy({ ...all, policyTypes: ["Ingress"] })], END],
    "some pods only": [[namespace, policy({ ...all, podSelector: { matchLabels: { a: "b" } } })], END],
    "some pods by an expression": [[namespace, policy({ ...all, podSelector: { matchExpressions: [{}] } })], END],
    "a way in": [[namespace, policy({ ...all, ingress: [{}] })], END],
    "a way out": [[namespace, policy({ ...all, egress: [{}] })], END],
    "something else with such a spec": [
      [
        namespace,
        resource("kubernetes:cilium.io/v2:OtherPolicy", "x", { metadata: { namespace: "apprun-prod" }, spec: all }),
      ],
      END,
    ],
    "another namespace": [[namespace, policy(all, "other")], END],
  },
});
