import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AppsBucket,
  BUCKET,
  copied as copyIsEqual,
  expectNoNewIdentity,
  expectOlderVersions,
  expectRestored,
  OBJECTS_APP,
  PORTS_WITHOUT_LOGIN,
} from "../support/e2e/apps-bucket.ts";
import { hasImage } from "../support/e2e/available.ts";
import { BackupBucket } from "../support/e2e/backup-bucket.ts";
import {
  hasClusterReferences,
  hasClusterWith,
  kubectl,
  kubectlApply,
  LITTLE,
  pods,
  settled,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import { docker, SMALL, TestProject } from "../support/e2e/e2e.ts";
import { inPod } from "../support/e2e/inside.ts";
import { listeningIn } from "../support/e2e/listening.ts";
import { openPorts, read } from "../support/e2e/objects.ts";
import { referenceOf } from "../support/e2e/own-apps.ts";
import { connections } from "../support/e2e/probe-pods.ts";
import { queryIn } from "../support/e2e/prometheus.ts";
import { MINIO } from "../support/e2e/servers.ts";
import { OBJECT_STORAGE_ARROWS } from "../support/record/arrows.ts";

const STACK = "pr-721";
const NAMESPACE = `apprun-${STACK}`;
const SERVER = "apprun-e2e-cluster-bucket";
const PORT = 59_004;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL_CLUSTER,
  ...BUCKET,
  images: { pins: { postgres: { tag: "17" } } },
  // Room for what the tests run beside it.
  app: { ...SMALL.app, ...OBJECTS_APP, readyTimeout: "60s", resources: { ...LITTLE, limits: { memory: "256Mi" } } },
  prometheus: { ...SMALL.prometheus, resources: LITTLE },
  exporters: { postgres: false, cache: false, kubernetes: false },
  temporal: OFF,
  grafana: OFF,
  alerting: OFF,
};

const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
const app = inPod(NAMESPACE, "deployment/apprun");
const bucket = new AppsBucket(app);
const copied = () => copyIsEqual(inPod(NAMESPACE, "statefulset/seaweedfs-copy"));
const claims = async () =>
  (await inNamespace("get", "persistentvolumeclaims", "--output", "name"))
    .split("\n")
    .filter((name) => name.includes("seaweedfs"))
    .map((name) => name.replace("persistentvolumeclaim/", ""))
    .sort();

const available =
  (await hasClusterWith("seaweedfs", "rclone", "restic")) &&
  (await hasClusterReferences(referenceOf(OBJECTS_APP.image))) &&
  (await hasImage(MINIO));

describe.skipIf(!available)(
  "a bucket inside of the stack on a real cluster (skipped without one, or without SeaweedFS, rclone or restic there, or MinIO)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    let settings: Record<string, unknown> = SETTINGS;
    let before: Awaited<ReturnType<typeof bucket.sums>>;
    const ok = async (...args: string[]) => {
      const { code, stdout, stderr } = await project.cli(args);
      expect(code, stderr).toBe(0);
      return { stdout, stderr };
    };

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      await docker("rm", "-f", "-v", SERVER).catch(() => "there was none");
      const remote = await BackupBucket.start(SERVER, PORT, project);
      settings = { ...SETTINGS, backup: { enabled: true, remote: remote.remote() }, ...remote.reachedByPods };
      project.configure(settings);
    });
    afterAll(async () => {
      await docker("rm", "-f", "-v", SERVER);
      await wipeCluster(NAMESPACE);
    });

    it("comes up, and the app stores files with the key that it was given", async () => {
      await ok("up");
      await project.rememberSalt();
      await bucket.store();
      before = await bucket.sums();
      expect(before[0]?.type).toBe("application/pdf");
    });

    it("is left alone by a second up", async () => {
      const running = await pods(NAMESPACE);
      const { stderr } = await ok("up");
      expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await pods(NAMESPACE)).toEqual(running);
    });

    it("keeps what the app overwrites and deletes, and the app brings it back", () => expectOlderVersions(bucket));

    it("listens without a login on its loopback alone, and no pod reaches more than the model's arrows say", async () => {
      const { everywhere, loopback } = await listeningIn(inPod(NAMESPACE, "seaweedfs-0"));
      // S3, what S3 says to other servers, figures.
      expect(everywhere).toEqual([8333, 9327, 18_333]);
      expect(loopback).toEqual(expect.arrayContaining([8080, 8888, 9333]));
      const address = await inNamespace("get", "pod", "seaweedfs-0", "--output", "jsonpath={.status.podIP}");
      const ports = [...new Set([...everywhere, ...loopback, ...PORTS_WITHOUT_LOGIN])];
      const { open } = await connections(
        project,
        NAMESPACE,
        ports.map((port) => `${address}:${port}`),
      );
      const own = open.filter((pair) => pair.includes("-> seaweedfs"));
      expect(own).toEqual(OBJECT_STORAGE_ARROWS);
      const byAddress = open.filter((pair) => pair.includes(`${address}:`));
      const arrows = OBJECT_STORAGE_ARROWS.filter((arrow) => arrow.includes("-> seaweedfs:"));
      expect(byAddress).toEqual(arrows.map((arrow) => arrow.replace("seaweedfs:", `${address}:`)).sort());
    });

    it("takes no new identity where no policy is in the way either", async () => {
      const address = await inNamespace("get", "pod", "seaweedfs-0", "--output", "jsonpath={.status.podIP}");
      const metadata = { name: "everything", namespace: NAMESPACE };
      const spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] };
      await kubectlApply({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec });
      await expect
        .poll(() => openPorts(app, address, [8333, 18_333, ...PORTS_WITHOUT_LOGIN]), { timeout: 30_000 })
        .toEqual([8333, 18_333]);
      await expectNoNewIdentity(app, address);
      await inNamespace("delete", "networkpolicy", "everything");
    });

    it("is scraped, and so is its copy", async () => {
      for (const job of ["seaweedfs", "seaweedfs-copy"])
        await expect
          .poll(async () => (await queryIn(NAMESPACE, `up{job="${job}"}`))[0]?.value[1], {
            timeout: 60_000,
            interval: 1000,
          })
          .toBe("1");
    });

    it("comes back from a set of the object storage outside, with contents and types", async () => {
      await copied();
      await ok("backup");
      await expectRestored(
        bucket,
        { restore: () => ok("restore", "--repository", "remote", "--confirm", STACK), copied },
        before,
      );
    });

    it("takes a new key of the app, and refuses the old one", async () => {
      const old = await bucket.keys();
      project.configure({ ...settings, rotation: { "seaweedfs-app-key": 2 } });
      await ok("up");
      await settled(NAMESPACE, "apprun");
      expect(await bucket.sums()).toEqual(before);
      expect(await bucket.statuses({ ...read("/note"), keys: old })).toEqual([403]);
    });

    it("is not switched off in silence, leaves its claims when the operator says so, and takes them up again", async () => {
      const both = await claims();
      expect(both).toHaveLength(2);
      project.configure({ ...settings, storage: { mode: "local" } });
      expect(await project.cli(["up"])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("would drop what holds data or belongs to it: seaweedfs") as string,
      });
      expect(await bucket.sums()).toEqual(before);
      await ok("up", "--forget-data", "--confirm", STACK);
      expect(Object.keys(await pods(NAMESPACE)).filter((name) => name.startsWith("seaweedfs"))).toEqual([]);
      expect(await claims()).toEqual(both);
      project.configure(settings);
      // Now the app's own claim is what the stack is to forget, and the bucket's what it is to take.
      await ok("up", "--forget-data", "--take-data", "--confirm", STACK);
      await settled(NAMESPACE, "apprun");
      expect(await bucket.sums()).toEqual(before);
      expect((await project.cli(["up"])).stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    });
  },
);
