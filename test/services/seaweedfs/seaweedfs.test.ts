import { beforeAll, describe, expect, it } from "vitest";
import { output } from "@pulumi/pulumi";
import type { Recording } from "../../../cli/kit/record.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { identities } from "../../../components/services/seaweedfs/identities.ts";
import { slotSize, SLOTS } from "../../../components/services/seaweedfs/slots.ts";
import { budget } from "../../../components/stack/budget.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { OBJECT_STORAGE_ARROWS } from "../../support/record/arrows.ts";
import { recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const LOCAL_S3 = { storage: { mode: "local-s3" as const }, seaweedfs: { bucket: "uploads" } };
const CONTAINER = "docker:index/container:Container";
const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const workload = ({ result }: Recording<Stack>, name: string) =>
  result.inventory.workloads.find((found) => found.name === name);
const uploaded = ({ uploads = [] }: RecordedContainer, file: string) =>
  uploads.find((each) => each.file === file)?.content ?? "";

describe("volumes of the server", () => {
  it.each([
    ["1Gi", 27],
    ["10Gi", 279],
    ["100Gi", 2792],
  ] as const)("fit into %s, all that a bucket may have together", (storage, megabytes) => {
    expect(slotSize(storage)).toBe(megabytes);
    expect(slotSize(storage) * (SLOTS - 14)).toBeLessThanOrEqual(Number(storage.slice(0, -2)) * 1024 * 0.9);
  });
});

describe("identities", () => {
  const keys = (accessKeyId: string) => ({
    accessKeyId: output(accessKeyId),
    secretAccessKey: output(`${accessKeyId}-secret`),
  });
  interface Policy {
    readonly Statement: readonly { readonly Effect: string; readonly Action: string[]; readonly Resource: string[] }[];
  }

  it("let the app use its own bucket and change nothing about it, nor delete a version", async () => {
    const text = await new Promise<string>((resolve) =>
      identities({ bucket: "uploads", app: keys("apprun"), admin: keys("admin") }).apply(resolve),
    );
    const { identities: all, policies } = JSON.parse(text) as {
      identities: { name: string; credentials: unknown; actions?: string[]; policyNames?: string[] }[];
      policies: { name: string; content: string }[];
    };
    expect(all).toEqual([
      {
        name: "app",
        credentials: [{ accessKey: "apprun", secretKey: "apprun-secret" }],
        policyNames: ["app"],
      },
      { name: "admin", credentials: [{ accessKey: "admin", secretKey: "admin-secret" }], actions: ["Admin"] },
    ]);
    const { Statement } = JSON.parse(policies[0]?.content ?? "") as Policy;
    expect(Statement.flatMap(({ Resource }) => Resource)).toEqual(["arn:aws:s3:::uploads/*", "arn:aws:s3:::uploads"]);
    const actions = Statement.flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]),
    );
    expect(
      actions.filter((action) => /\*|DeleteObjectVersion|PutBucket|DeleteBucket|Lifecycle|Acl/.test(action)),
    ).toEqual([]);
  });
});

describe("a stack with a bucket of its own", () => {
  let docker: Recording<Stack>;
  let kubernetes: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(LOCAL_S3);
    kubernetes = await stackOf({ ...LOCAL_S3, platform: "kubernetes" });
  });

  it("tells the app by the same variables as of an S3 service, and gives it no volume", () => {
    const app = container(docker, "apprun");
    expect(app.envs).toEqual(
      expect.arrayContaining([
        "STORAGE_TYPE=s3",
        "S3_BUCKET=uploads",
        "S3_FORCE_PATH_STYLE=true",
        "AWS_REGION=us-east-1",
        "AWS_ENDPOINT_URL_S3=http://seaweedfs:8333",
        "AWS_SECRET_ACCESS_KEY_FILE=/run/secrets/storage-secret-access-key",
      ]),
    );
    expect(docker.result.inventory.volumes.map(({ name }) => name)).not.toContain("apprun-storage");
    expect(workload(docker, "apprun")?.startsAfter).toContainEqual({ name: "seaweedfs-bucket", kind: "job" });
    expect(workload(docker, "apprun-storage-check")).toBeUndefined();
  });

  it("has on the network S3 and figures alone, and S3's port for other servers completes no connection", () => {
    const server = container(docker, "seaweedfs");
    expect(server.command).toEqual(
      expect.arrayContaining([
        "-ip.bind=127.0.0.1",
        "-s3.ip.bind=0.0.0.0",
        "-master.telemetry=false",
        "-s3.iam=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
      ]),
    );
    expect(server.envs).toEqual(
      expect.arrayContaining(["WEED_GRPC_S3_CERT=/dev/null", "WEED_GRPC_S3_KEY=/dev/null", "WEED_GRPC_CA=/dev/null"]),
    );
    expect(server).toMatchObject({ user: "1000:1000", memory: 512, capabilities: { drops: ["ALL"] } });
    expect(server.ports ?? []).toEqual([]);
  });

  it.each(["docker", "kubernetes"] as const)("on %s connects whom the arrows name, and nobody else", (target) => {
    const recording = { docker, kubernetes }[target];
    const clients = recording.result.inventory.workloads
      .filter(({ connectsTo }) => connectsTo.includes("seaweedfs"))
      .map(({ name }) => name);
    const arrows = OBJECT_STORAGE_ARROWS.map((arrow) => arrow.split(" -> ")[0]).filter((name) => name !== "prometheus");
    expect(clients.filter((name) => name !== "prometheus").sort()).toEqual(arrows.sort());
  });

  it("gives the admin's key to the set-up and the copy for backups, and to nobody else", () => {
    const config = uploaded(container(docker, "seaweedfs-copy"), "/run/secrets/rclone.conf");
    const admin = /secret_access_key = (.+)/.exec(config)?.[1] ?? "";
    expect(admin).not.toBe("");
    const having = docker.resources
      .filter(({ type, inputs }) => type === CONTAINER && JSON.stringify(inputs).includes(admin))
      .map(({ name }) => name);
    expect(having.sort()).toEqual(["seaweedfs", "seaweedfs-bucket", "seaweedfs-copy"]);
  });

  it("has the copy of the bucket in its backup sets without what tells it from a restored one, and not the server's files", () => {
    const backup = container(docker, "backup");
    expect(backup.volumes?.map(({ containerPath }) => containerPath)).toContain("/sources/seaweedfs-copy");
    expect(uploaded(backup, "/etc/backup/trees.tsv")).toContain("seaweedfs-copy\ttoken\nseaweedfs-copy\ttoken.next\n");
    expect(backup.volumes?.map(({ containerPath }) => containerPath)).not.toContain("/sources/seaweedfs");
    expect(workload(docker, "seaweedfs-copy")?.startsAfter).toContainEqual({ name: "seaweedfs-bucket", kind: "job" });
  });

  it("has no copy of the bucket where nothing is backed up", async () => {
    const without = await stackOf({ ...LOCAL_S3, backup: { enabled: false } });
    expect(without.result.inventory.volumes.map(({ name }) => name)).toContain("seaweedfs");
    expect(without.result.inventory.volumes.map(({ name }) => name)).not.toContain("seaweedfs-copy");
  });

  it("is in the budget, in the credentials and on a dashboard of its own", async () => {
    expect(budget(settingsOf(LOCAL_S3)).map(({ service }) => service)).toContain("seaweedfs");
    expect(docker.result.credentials["seaweedfs"]?.username).toBeDefined();
    const files = await recordedFiles(LOCAL_S3);
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-seaweedfs.json")).toBe(true);
    expect(files("prometheus").get("/etc/prometheus/rules.yml")).toContain("SeaweedfsStorageNearLimit");
  });

  it("is the same on Kubernetes, where it runs once", () => {
    const controller = kubernetes.resources.find(
      ({ name, type }) => name === "seaweedfs" && type.endsWith(":StatefulSet"),
    );
    expect(controller?.inputs).toMatchObject({ spec: { replicas: 1 } });
    const [ours, theirs] = [
      fromDocker(container(docker, "seaweedfs"), "apprun-dev-"),
      fromKubernetes(controller!, kubernetes.resources),
    ];
    // A Docker host cannot upload files into a container with a read-only root.
    const { probe, stopSeconds, readOnlyRoot: _, ...same } = ours;
    const { probe: path, stopSeconds: grace, readOnlyRoot, ...other } = theirs;
    expect([other, readOnlyRoot]).toEqual([same, true]);
    expect([probe.endsWith(path), stopSeconds, grace]).toEqual([true, 60, 60]);
  });
});

it("a stack that keeps files elsewhere has nothing of it", async () => {
  const recording = await stackOf({});
  expect(JSON.stringify(recording.resources.map(({ name, type }) => [name, type]))).not.toMatch(/seaweed/i);
  expect(recording.result.credentials).not.toHaveProperty("seaweedfs");
});
