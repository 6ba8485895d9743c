import { ComponentResource, getProject, getStack } from "@pulumi/pulumi";
import { selectImage } from "../../../components/services/catalogue.ts";
import { KubernetesPlatform } from "../../../components/platform/kubernetes/kubernetes-platform.ts";
import { RESOURCES } from "../../support/record/specs.ts";

// A schedule on Kubernetes that needs no service.
const parent = new ComponentResource("apprun:test:ClusterSchedule", "schedule");
const platform = new KubernetesPlatform({
  identity: { project: getProject(), stack: getStack() },
  cluster: {
    ingress: { class: "traefik", controller: "traefik", namespace: "kube-system", podLabels: {}, service: "traefik" },
    clusterCidrs: [],
    nodeCidrs: [],
  },
  protectData: false,
  parent,
});
const image = selectImage("temporalAdminTools");
platform.schedule(
  "tick",
  {
    image,
    runs: { minutely: { cron: "* * * * *", command: ["sh", "-c", "cat /etc/tick/word && id -u"] } },
    files: [{ path: "/etc/tick/word", content: "ticked\n" }],
    resources: RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "backend",
  },
  { parent },
);
