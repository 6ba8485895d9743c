import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { Bytes } from "../../../components/model/units.ts";
import { BARMAN, CNPG } from "../../../components/platform/kubernetes/postgres-cluster.ts";
import { LOCAL_PATH, recordedClaims } from "../../../components/platform/kubernetes/storage.ts";
import type { Project } from "../../kit/project.ts";
import { permitted, type Cluster } from "./client.ts";
import { quantityInMebibytes } from "./quantity.ts";
import { labelsText, type ControllerFacts, type ControllerNeeds } from "./ingress-check.ts";
import type { ClaimFacts, ClusterFacts, ClusterNeeds } from "./cluster-check.ts";
import type { PlacementFacts } from "./placement-check.ts";

export async function clusterFacts(
  cluster: Cluster,
  namespace: string,
  { controller }: Pick<ClusterNeeds, "controller">,
): Promise<ClusterFacts> {
  const { major, minor } = await cluster.version.getCode();
  const [classes, ingresses, kinds, claims] = await Promise.all([
    cluster.storage.listStorageClass(),
    cluster.networking.listIngressClass(),
    cluster.extensions.listCustomResourceDefinition(),
    cluster.core.listNamespacedPersistentVolumeClaim({ namespace }),
  ]);
  return {
    // Managed clusters say "34+".
    version: `${major}.${Number.parseInt(minor, 10)}`,
    storageClasses: classes.items.map(({ metadata, provisioner, allowVolumeExpansion }) => ({
      name: metadata?.name ?? "",
      provisioner,
      expands: allowVolumeExpansion === true,
    })),
    ingressClasses: ingresses.items.map(({ metadata }) => metadata?.name ?? ""),
    customKinds: kinds.items.map(({ metadata }) => metadata?.name ?? ""),
    claims: claims.items.map(claimFacts),
    controller: await controllerFacts(cluster, controller),
    placement: await placementFacts(cluster, namespace),
  };
}

async function placementFacts({ core }: Pick<Cluster, "core">, namespace: string): Promise<PlacementFacts> {
  const [nodes, volumes] = await Promise.all([permitted(core.listNode()), permitted(core.listPersistentVolume())]);
  return {
    ...(nodes !== undefined && {
      nodes: nodes.items.map(({ metadata, spec }) => ({
        name: metadata?.name ?? "",
        labels: metadata?.labels ?? {},
        taints: spec?.taints ?? [],
      })),
    }),
    volumes: (volumes?.items ?? []).flatMap(({ spec }) => {
      const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
      return terms === undefined || spec?.claimRef?.namespace !== namespace
        ? []
        : [{ claim: spec.claimRef.name ?? "", nodes: terms }];
    }),
  };
}

export async function controllerFacts(
  { apps, core }: Pick<Cluster, "apps" | "core">,
  { namespace, podLabels }: ControllerNeeds,
): Promise<ControllerFacts> {
  const labelSelector = labelsText(podLabels);
  const pods = await permitted(core.listNamespacedPod({ namespace, labelSelector }));
  if (pods === undefined) return {};
  return {
    images: [...new Set(pods.items.flatMap(({ spec }) => spec?.containers.map(({ image = "" }) => image) ?? []))],
    ...(await servicesFacts({ apps, core }, namespace, podLabels)),
    onHostNetwork: pods.items.some(({ spec }) => spec?.hostNetwork === true),
  };
}

/** On the pods of k3s' ServiceLB; the Service's name. */
const SERVICE_LB = "svccontroller.k3s.cattle.io/svcname";

/** How requests from outside get to the controller, and what takes the client's address off them before it sees it. */
async function servicesFacts(
  { apps, core }: Pick<Cluster, "apps" | "core">,
  namespace: string,
  podLabels: ControllerNeeds["podLabels"],
): Promise<Pick<ControllerFacts, "hiddenBy" | "openBy">> {
  const services = await permitted(core.listNamespacedService({ namespace }));
  const leading = (services?.items ?? []).filter(
    ({ spec }) =>
      (spec?.type === "LoadBalancer" || spec?.type === "NodePort") &&
      Object.entries(podLabels).every(([key, value]) => spec.selector?.[key] === value),
  );
  const names = leading.map(({ metadata }) => metadata?.name ?? "");
  const openBy = leading.map(({ metadata, spec }) => `Service ${metadata?.name ?? ""} (${spec?.type ?? ""})`);
  const balancers = await permitted(apps.listNamespacedDaemonSet({ namespace, labelSelector: SERVICE_LB }));
  if (balancers?.items.some(({ metadata }) => names.includes(metadata?.labels?.[SERVICE_LB] ?? "")))
    return { openBy, hiddenBy: "k3s' ServiceLB" };
  const cluster = leading.find(({ spec }) => spec?.externalTrafficPolicy !== "Local");
  const hiddenBy = cluster && `the Service ${cluster.metadata?.name ?? ""}, whose externalTrafficPolicy is not Local,`;
  return { openBy, hiddenBy };
}

function claimFacts({ metadata, spec }: V1PersistentVolumeClaim): ClaimFacts {
  return {
    name: metadata?.name ?? "",
    storageClass: spec?.storageClassName ?? "",
    accessModes: spec?.accessModes ?? [],
    size: quantityInMebibytes(spec?.resources?.requests?.["storage"] ?? "0"),
  };
}

/** What the settings and the recorded objects ask for. */
export function clusterNeeds({ settings, recording }: Pick<Project, "settings" | "recording">): ClusterNeeds {
  const { storageClass, sharedStorageClass, ingress } = settings.kubernetes;
  const named = (name: string | undefined, setting: string) => (name === undefined ? [] : [{ name, setting }]);
  const operated = settings.postgres.mode === "operator";
  return {
    storageClasses: [
      ...named(storageClass, "kubernetes.storageClass"),
      ...named(sharedStorageClass, "kubernetes.sharedStorageClass"),
    ],
    ...(storageClass === undefined && { provisioner: LOCAL_PATH }),
    ingressClass: ingress.class,
    customKinds: [
      ...(ingress.controller === "traefik"
        ? named("middlewares.traefik.io", "kubernetes.ingress.controller traefik")
        : []),
      ...(settings.tls.mode === "acme" ? named("certificates.cert-manager.io", "tls.mode acme") : []),
      ...(operated ? named(`clusters.${CNPG.group}`, "postgres.mode operator") : []),
      ...(operated && settings.postgres.operator.backup
        ? named(`objectstores.${BARMAN.group}`, "postgres.operator.backup")
        : []),
    ],
    claims: recordedClaims(recording.resources).map(({ metadata, spec }) => {
      const requests = spec?.resources?.requests as Record<string, string> | undefined;
      return {
        name: metadata?.name ?? "",
        ...(spec?.storageClassName !== undefined && { storageClass: spec.storageClassName }),
        accessModes: spec?.accessModes ?? [],
        size: (requests?.["storage"] ?? "0Mi") as Bytes,
      };
    }),
    controller: {
      ...ingress,
      countsAddresses:
        ingress.controller === "traefik" &&
        settings.front === undefined &&
        !settings.cloudflare.enabled &&
        settings.limits.clients === undefined,
      behindTunnel: settings.cloudflare.enabled,
    },
    placement: settings.kubernetes,
  };
}
