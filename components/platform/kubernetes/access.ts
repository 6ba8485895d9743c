import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { ClusterAccess } from "../../model/cluster-access.ts";
import type { KubernetesContext } from "./context.ts";
import { objectLabels, objectMetadata } from "./labels.ts";

const READ = ["get", "list", "watch"];

/** Rights in the stack's own namespace. */
export function namespaceRules({ namespace = {} }: ClusterAccess): k8s.types.input.rbac.v1.PolicyRule[] {
  return Object.entries(namespace).map(([group, resources]) => ({
    apiGroups: [group],
    resources: [...resources],
    verbs: READ,
  }));
}

/** Rights that no namespace bounds: nodes are in none. */
export function clusterRules({ nodeMetrics = false }: ClusterAccess): k8s.types.input.rbac.v1.PolicyRule[] {
  if (!nodeMetrics) return [];
  return [
    { apiGroups: [""], resources: ["nodes"], verbs: READ },
    { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  ];
}

/** An account of a workload's own with exactly its rights. */
export function accessResources(
  context: KubernetesContext,
  name: string,
  access: ClusterAccess,
  options: CustomResourceOptions,
): { readonly serviceAccount: Input<string>; readonly resources: readonly Resource[] } {
  const metadata = objectMetadata(context, name, "access");
  const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, options);
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace: context.namespace }];
  const resources: Resource[] = [account];
  const rules = namespaceRules(access);
  if (rules.length > 0) {
    const role = new k8s.rbac.v1.Role(name, { metadata, rules }, options);
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
    resources.push(role, new k8s.rbac.v1.RoleBinding(name, { metadata, roleRef, subjects }, options));
  }
  const everywhere = clusterRules(access);
  if (everywhere.length > 0) {
    // Not in a namespace, so the name must say whose it is.
    const wide = { name: `${context.namespace}-${name}`, labels: objectLabels(context.identity, name, "access") };
    const role = new k8s.rbac.v1.ClusterRole(name, { metadata: wide, rules: everywhere }, options);
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name };
    resources.push(role, new k8s.rbac.v1.ClusterRoleBinding(name, { metadata: wide, roleRef, subjects }, options));
  }
  return { serviceAccount: account.metadata.name, resources };
}
