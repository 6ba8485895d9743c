import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Resources } from "../../model/workload.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { storage } from "../app/storage-settings.ts";
import type { Service } from "../service.ts";
import { seaweedfsRules } from "./rules.ts";
import { seaweedfs as settings } from "./settings.ts";

type Own = Slice<{ seaweedfs: typeof settings; storage: typeof storage }>;

/** The version of the source that was read. */
const SOURCE = "https://github.com/seaweedfs/seaweedfs/blob/cc8364a03ebf5cf9f8eab3315ded2000cd07fff6";

/** What sets hold of the bucket, and what makes it. */
export const COPY_VOLUME = "seaweedfs-copy";

/** rclone has one directory's list in memory, and a few parts of files. */
export const COPY_RESOURCES: Resources = {
  requests: { cpu: "20m", memory: "32Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

export const seaweedfs = {
  name: "seaweedfs",
  title: "SeaweedFS",
  purpose: "Keeps the app's files in a bucket inside of the stack, each with its older versions (S3).",
  guides: ["object-storage.md", "your-app.md"],
  settings: { seaweedfs: settings },
  images: {
    seaweedfs: {
      registry: HUB,
      repository: "chrislusf/seaweedfs",
      tag: "4.48",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", `${SOURCE}/docker/Dockerfile.go_build`, {
        platforms: `${SOURCE}/.github/workflows/container_release_unified.yml`,
      }),
      probeTool: "wget",
      uid: 1000,
      gid: 1000,
      touchesData: "volumes that a newer version has written may be too large for an older one",
    },
    rclone: {
      registry: HUB,
      repository: "rclone/rclone",
      tag: "1.76.0",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/rclone/rclone/blob/v1.76.0/Dockerfile", {
        platforms: "https://github.com/rclone/rclone/blob/v1.76.0/.github/workflows/build_publish_docker_image.yml",
      }),
      uid: 1009,
      gid: 1009,
    },
  },
  rotated: {
    "seaweedfs-app-id": {
      reaches: "the server takes one: it refuses the app until that has restarted",
      restarts: "SeaweedFS and the app",
    },
    "seaweedfs-app-key": {
      reaches: "the server takes one: it refuses the app until that has restarted",
      restarts: "SeaweedFS and the app",
    },
    "seaweedfs-admin-key": {
      reaches: "the server takes one, and what copies the bucket gets it with the same update",
      restarts: "SeaweedFS and the copy of its bucket",
    },
  },
  rules: seaweedfsRules,
  sizes: ({
    storage: { mode },
    seaweedfs: { resources, storage: size },
    backup,
  }: Own & { readonly backup: { readonly enabled?: boolean | undefined } }): readonly Size[] =>
    mode === "local-s3"
      ? [
          {
            workload: "seaweedfs",
            resources,
            volumes: { seaweedfs: size },
          },
          ...(backup.enabled === true
            ? [{ workload: COPY_VOLUME, resources: COPY_RESOURCES, volumes: { [COPY_VOLUME]: size } }]
            : []),
        ]
      : [],
} as const satisfies Service;
