import { claimsRetained } from "../../../policies/data/claims-retained.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END =
  "; allowed: a protected claim, or a storage class of this stack with reclaimPolicy Retain; leave volumes.protect on";
const claim = (protect: boolean, spec: object = {}) =>
  resource("kubernetes:core/v1:PersistentVolumeClaim", "grafana", { spec }, protect);
const labelled = (component: string) =>
  resource("kubernetes:core/v1:PersistentVolumeClaim", "alertmanager", {
    metadata: { labels: { "app.kubernetes.io/component": component } },
    spec: {},
  });
const storageClass = (reclaimPolicy: string, metadata?: object) =>
  resource("kubernetes:storage.k8s.io/v1:StorageClass", "data", { reclaimPolicy, ...(metadata && { metadata }) });
const set = (spec: object, protect = false) =>
  resource(
    "kubernetes:apps/v1:StatefulSet",
    "postgres",
    { spec: { volumeClaimTemplates: [{ metadata: { name: "data" }, spec }] } },
    protect,
  );

describePolicy(claimsRetained, {
  passes: {
    "a protected claim": claim(true),
    "a class that retains": [
      storageClass("Retain", { name: "apprun-data" }),
      claim(false, { storageClassName: "apprun-data" }),
    ],
    "a class by its logical name": [storageClass("Retain"), set({ storageClassName: "data" })],
    "a protected StatefulSet": set({}, true),
    "a claim that can be made again": labelled("cache"),
    "templates of another kind": resource("kubernetes:example.com/v1:Plan", "x", {
      spec: { volumeClaimTemplates: [{ spec: {} }] },
    }),
    "a StatefulSet without claims": resource("kubernetes:apps/v1:StatefulSet", "x", { spec: {} }),
  },
  fails: {
    "a claim whose label says data": [
      labelled("data"),
      `PersistentVolumeClaim "alertmanager": got an unprotected claim of class "the cluster's default"${END}`,
    ],
    "a claim of the default class": [
      claim(false),
      `PersistentVolumeClaim "grafana": got an unprotected claim of class "the cluster's default"${END}`,
    ],
    "a claim of a class that deletes": [
      [storageClass("Delete"), claim(false, { storageClassName: "data" })],
      `PersistentVolumeClaim "grafana": got an unprotected claim of class "data"${END}`,
    ],
    "a StatefulSet that says of itself, and not of its claim, that it is a cache": [
      resource("kubernetes:apps/v1:StatefulSet", "x", {
        metadata: { labels: { "app.kubernetes.io/component": "cache" } },
        spec: { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }] },
      }),
      `StatefulSet "x", claim "data": got an unprotected claim of class "the cluster's default"${END}`,
    ],
    "a template of a class that deletes": [
      [storageClass("Delete"), set({ storageClassName: "data" })],
      `StatefulSet "postgres", claim "data": got an unprotected claim of class "data"${END}`,
    ],
    "a class that only looks alike": [
      [
        resource("kubernetes:core/v1:ConfigMap", "data", { reclaimPolicy: "Retain" }),
        claim(false, { storageClassName: "data" }),
      ],
      `PersistentVolumeClaim "grafana": got an unprotected claim of class "data"${END}`,
    ],
  },
});
