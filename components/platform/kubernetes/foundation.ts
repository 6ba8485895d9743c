import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import type { RegistryLogin } from "../../model/registry-login.ts";
import type { KubernetesContext } from "./context.ts";
import { namespaceObject, serviceAccount } from "./namespace.ts";
import { allowDns, defaultDeny } from "./network-policy.ts";
import { PULL_SECRET, pullSecret } from "./pull-secret.ts";
import { storageClass } from "./storage.ts";

/** What every object of a stack needs. */
export interface Foundation {
  readonly serviceAccount: k8s.core.v1.ServiceAccount;
  /** Everything that must be there before the first pod. */
  readonly all: readonly Resource[];
}

/** The namespace with its account and its closed network, and the storage class. */
export function foundation(
  context: KubernetesContext,
  options: CustomResourceOptions,
  protectData: boolean,
  logins: readonly RegistryLogin[] = [],
): Foundation {
  // With the namespace every volume claim in it would go, protected or not.
  const namespace = new k8s.core.v1.Namespace("namespace", namespaceObject(context), {
    ...options,
    protect: protectData,
  });
  const inside = { ...options, dependsOn: [namespace] };
  const account = new k8s.core.v1.ServiceAccount("workload", serviceAccount(context), inside);
  const deny = new k8s.networking.v1.NetworkPolicy("default-deny", defaultDeny(context), inside);
  const dns = new k8s.networking.v1.NetworkPolicy("allow-dns", allowDns(context), inside);
  const classes =
    context.cluster.storageClass === undefined
      ? [new k8s.storage.v1.StorageClass("data", storageClass(context), options)]
      : [];
  const pulls =
    logins.length === 0
      ? []
      : [new k8s.core.v1.Secret(PULL_SECRET, pullSecret(context, logins), { ...inside, deleteBeforeReplace: true })];
  return { serviceAccount: account, all: [namespace, account, deny, dns, ...classes, ...pulls] };
}
