import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import { flag } from "../../settings/kit/scalars.ts";
import { watched, type Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";

export const cluster = {
  name: "cluster",
  title: "Cluster metrics",
  purpose:
    "Reports pods, jobs and volume claims of the stack's namespace (kube-state-metrics). It runs on Kubernetes only.",
  guides: ["observability.md"],
  settings: {},
  exporters: {
    kubernetes: flag()
      .default(true)
      .describe(
        "Pods, jobs and volume claims of the stack's namespace, through kube-state-metrics; only on a cluster.",
      ),
    kubelets: flag()
      .default(false)
      .describe(
        "Memory, CPU and volumes as the kubelets measure them; only on a cluster. Prometheus gets a ClusterRole that reads every namespace's.",
      ),
  },
  images: {
    // Made from nothing: it has no tool but itself, and runs where kubelets ask by themselves.
    kubeStateMetrics: {
      registry: "registry.k8s.io",
      repository: "kube-state-metrics/kube-state-metrics",
      tag: "v2.20.0",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/kubernetes/kube-state-metrics/blob/v2.20.0/Dockerfile",
        { platforms: "https://github.com/kubernetes/kube-state-metrics/blob/v2.20.0/Makefile" },
      ),
      uid: 65534,
      gid: 65534,
    },
  },
  sizes: ({ platform, ...rest }: { readonly platform: string } & Watched<"kubernetes">): readonly Size[] =>
    platform === "kubernetes" ? watched("kubernetes", rest, "kube-state-metrics") : [],
} as const satisfies Service;
