import { volumesProtected } from "../../../policies/data/volumes-protected.ts";
import { container, describePolicy, job, resource } from "../describe-policy.ts";

const volume = (protect: boolean, retention?: string) =>
  resource(
    "docker:index/volume:Volume",
    "postgres-17",
    {
      name: "apprun-prod-postgres-17",
      ...(retention && { labels: [{ label: "io.apprun.retention", value: retention }] }),
    },
    protect,
  );
const mount = (changes: object = {}) => ({
  volumes: [{ volumeName: "apprun-prod-postgres-17", containerPath: "/data", ...changes }],
});

describePolicy(volumesProtected, {
  passes: {
    "a protected volume": [volume(true), container(mount())],
    "a volume that a job writes and a service reads": [
      volume(false),
      job(mount()),
      container(mount({ readOnly: true })),
    ],
    "a volume that can be made again": [volume(false, "cache"), container(mount())],
    "something else of that name": [
      resource("docker:index/network:Network", "x", { name: "apprun-prod-postgres-17" }),
      container(mount()),
    ],
    "a volume that something else than a container names": [
      volume(false),
      resource("docker:index/service:Service", "x", mount()),
    ],
    "a volume that nobody mounts": [volume(false), container()],
  },
  fails: {
    "one whose label says data": [
      [volume(false, "data"), container(mount())],
      'volume "postgres-17": got one that is not protected; allowed: protected volumes; leave volumes.protect on',
    ],
    "one that has the word in another label": [
      [
        resource("docker:index/volume:Volume", "postgres-17", {
          name: "apprun-prod-postgres-17",
          labels: [{ label: "io.apprun.service", value: "cache" }],
        }),
        container(mount()),
      ],
      'volume "postgres-17": got one that is not protected; allowed: protected volumes; leave volumes.protect on',
    ],
    "one that a service writes": [
      [volume(false), container(mount({ readOnly: false }))],
      'volume "postgres-17": got one that is not protected; allowed: protected volumes; leave volumes.protect on',
    ],
  },
});
