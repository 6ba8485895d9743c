import { z } from "zod";
import { hostName, oneOf, text } from "../kit/scalars.ts";

const CIDR = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const ANNOTATIONS = 'a map of texts such as {"nginx.ingress.kubernetes.io/proxy-body-size": "32m"}';
const cidrs = 'a list of address ranges such as ["10.42.0.0/16"]';

/** The cluster of a stack on Kubernetes. The defaults are those of k3s. */
export const kubernetes = z
  .strictObject({
    kubeconfig: text("the path of a kubeconfig file")
      .meta({ examples: ["/home/ops/.kube/prod"] })
      .optional()
      .describe(
        "Path of a kubeconfig; KUBECONFIG or ~/.kube/config when absent. The secret kubeconfig holds a whole one instead.",
      ),
    context: text("the name of a context")
      .optional()
      .describe("Context of the kubeconfig; its current one when absent."),
    storageClass: text("the name of a StorageClass")
      .optional()
      .describe(
        "Class of data volumes. When absent, the stack makes its own with k3s's local-path provisioner, which keeps what is released.",
      ),
    sharedStorageClass: text("the name of a StorageClass")
      .meta({ examples: ["nfs"] })
      .optional()
      .describe(
        "Class with ReadWriteMany for volumes that several replicas share. When absent, those replicas run on one node.",
      ),
    ingress: z
      .strictObject({
        class: text("the name of an IngressClass").default("traefik"),
        controller: oneOf("traefik", "other")
          .default("traefik")
          .describe(
            "What it is. Only Traefik gets this program's limits, security headers and redirect; another has to bring its own.",
          ),
        annotations: z
          .record(z.string(), z.string({ error: ANNOTATIONS }), { error: ANNOTATIONS })
          .default({})
          .meta({ examples: [{ "nginx.ingress.kubernetes.io/proxy-body-size": "32m" }] })
          .describe("Annotations of every Ingress, with controller other: how such a controller is told its limits."),
        clusterIssuer: text("the name of a ClusterIssuer")
          .meta({ examples: ["letsencrypt"] })
          .optional()
          .describe("cert-manager's issuer, with tls.mode acme."),
        namespace: hostName().default("kube-system").describe("Where the ingress controller's pods are."),
        podLabels: z
          .record(z.string(), z.string(), { error: "a map of labels" })
          .default({ "app.kubernetes.io/name": "traefik" })
          .describe("Labels of the ingress controller's pods: nothing else may reach the pages."),
      })
      .prefault({}),
    clusterCidrs: z
      .array(z.string({ error: cidrs }).regex(CIDR, cidrs), { error: cidrs })
      .default(["10.42.0.0/16", "10.43.0.0/16"])
      .describe("Addresses of pods and services: who may reach the outside may not reach these by it."),
    nodeCidrs: z
      .array(z.string({ error: cidrs }).regex(CIDR, cidrs), { error: cidrs })
      .default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])
      .describe(
        "Addresses of the nodes: who reads the cluster's metrics or logs may reach the API server (443, 6443) and the kubelets (10250) there.",
      ),
  })
  .prefault({})
  .describe("The cluster; only with platform kubernetes.");
