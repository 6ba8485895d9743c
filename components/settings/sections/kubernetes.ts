import { z } from "zod";
import { isIP } from "node:net";
import { ranges } from "../kit/addresses.ts";
import { labels } from "../kit/labels.ts";
import { hostName, oneOf, text } from "../kit/scalars.ts";
import { tolerations } from "./tolerations.ts";

const ANNOTATIONS = 'a map of texts such as {"nginx.ingress.kubernetes.io/proxy-body-size": "32m"}';
const NAME_SERVERS = 'a list of addresses such as ["169.254.20.10"]';
const NAMESPACES = 'a list of namespaces such as ["storage"]';

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
    nodeSelector: labels()
      .default({})
      .meta({ examples: [{ "kubernetes.io/arch": "amd64" }] })
      .describe("Labels of the nodes where the stack's pods run. When empty, on any node."),
    dataNodeSelector: labels()
      .default({})
      .meta({ examples: [{ disk: "ssd" }] })
      .describe("Labels, besides those, of the nodes where pods with volumes run."),
    tolerations: tolerations()
      .default([])
      .meta({ examples: [[{ key: "dedicated", operator: "Equal", value: "apprun", effect: "NoSchedule" }]] })
      .describe("Taints of nodes that the stack's pods bear, in Kubernetes' own words."),
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
        podLabels: labels()
          .default({ "app.kubernetes.io/name": "traefik" })
          .describe("Labels of the ingress controller's pods: nothing else may reach the pages."),
        service: hostName()
          .default("traefik")
          .describe("Name of the controller's Service, to which the tunnel of Cloudflare delivers on port 80."),
        addresses: ranges()
          .default([])
          .meta({ examples: [["192.168.1.0/24"]] })
          .describe(
            "Addresses that its requests come from, where it runs on the nodes' own network and policies see no pod. They are those of the nodes, and with flannel the first two of each node's pods, such as 10.42.0.0/31.",
          ),
      })
      .prefault({}),
    clusterCidrs: ranges()
      .default(["10.42.0.0/16", "10.43.0.0/16"])
      .describe(
        "Addresses of pods and services: who may reach the outside may not reach these by it. With a range of IPv6 it has a way out in IPv6 too.",
      ),
    nodeCidrs: ranges()
      .default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])
      .describe(
        "Addresses of the nodes: who reads the cluster's metrics or logs may reach the API server (443, 6443) and the kubelets (10250) there, and nobody else may reach them.",
      ),
    egressCidrs: ranges()
      .default([])
      .meta({ examples: [["10.20.0.0/24"]] })
      .describe(
        "Private addresses that who may reach the outside may reach too, such as a mail server's or a managed database's. Otherwise private addresses are closed.",
      ),
    egressNamespaces: z
      .array(hostName(), { error: NAMESPACES })
      .default([])
      .meta({ examples: [["storage"]] })
      .describe(
        "Namespaces of this cluster whose pods who may reach the outside may reach too, such as an object storage's.",
      ),
    dnsAddresses: z
      .array(
        z.string({ error: NAME_SERVERS }).refine((text) => isIP(text) !== 0, NAME_SERVERS),
        { error: NAME_SERVERS },
      )
      .default(["169.254.20.10"])
      .describe(
        "Name servers beside the pods of kube-dns: the default is NodeLocal DNSCache. Where that listens on the address of kube-dns' Service too, name this one as well.",
      ),
  })
  .prefault({})
  .describe("The cluster; only with platform kubernetes.");
