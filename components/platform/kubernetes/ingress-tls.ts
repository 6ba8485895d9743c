import * as k8s from "@pulumi/kubernetes";
import { ModelError } from "../../model/errors.ts";
import { hostNames, type Route } from "../../model/page.ts";
import type { Output, CustomResourceOptions } from "@pulumi/pulumi";
import { output } from "@pulumi/pulumi";
import type { IngressSpec } from "../ingress.ts";
import type { KubernetesContext } from "./context.ts";
import { objectLabels, objectMetadata } from "./labels.ts";

const NAME = "ingress-tls";

/** The Secret with the certificate of a stack's hosts: given, or kept by cert-manager. Nothing without TLS. */
export function tlsSecret(
  context: KubernetesContext,
  { tls }: IngressSpec,
  routes: readonly Pick<Route, "host">[],
  options: CustomResourceOptions,
): Output<string> | undefined {
  if (tls === undefined) return undefined;
  if (tls.source.kind === "acme") {
    new k8s.apiextensions.CustomResource(NAME, certificate(context, routes), options);
    return output(NAME);
  }
  const { chain, key } = tls.source.certificate;
  const metadata = { namespace: context.namespace, labels: objectLabels(context.identity, NAME, "route") };
  return new k8s.core.v1.Secret(
    NAME,
    { metadata, type: "kubernetes.io/tls", stringData: { "tls.crt": chain, "tls.key": key } },
    options,
  ).metadata.name;
}

/**
 * What cert-manager is asked for.
 * @throws ModelError when no issuer is named
 */
export function certificate(
  { identity, namespace, cluster }: KubernetesContext,
  routes: readonly Pick<Route, "host">[],
) {
  const { clusterIssuer } = cluster.ingress;
  if (clusterIssuer === undefined)
    throw new ModelError({
      got: "certificates by ACME on Kubernetes: got no issuer",
      allowed: "the name of one of cert-manager's ClusterIssuers",
      fix: "set kubernetes.ingress.clusterIssuer",
    });
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: objectMetadata({ identity, namespace }, NAME, "route"),
    spec: { secretName: NAME, dnsNames: hostNames(routes), issuerRef: { kind: "ClusterIssuer", name: clusterIssuer } },
  };
}
