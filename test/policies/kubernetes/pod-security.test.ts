import { podSecurity } from "../../../policies/kubernetes/pod-security.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: label pod-security.kubernetes.io/enforce: restricted; let the platform make the namespace";
const namespace = (labels: object) => resource("kubernetes:core/v1:Namespace", "ns", { metadata: { labels } });

describePolicy(podSecurity, {
  passes: { restricted: namespace({ "pod-security.kubernetes.io/enforce": "restricted" }) },
  fails: {
    "no label": [namespace({}), `Namespace "ns": got none${END}`],
    baseline: [namespace({ "pod-security.kubernetes.io/enforce": "baseline" }), `Namespace "ns": got baseline${END}`],
  },
});
