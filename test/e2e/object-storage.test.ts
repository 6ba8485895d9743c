import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selectImage } from "../../components/services/catalogue.ts";
import { hasImage, hasRestic } from "../support/e2e/available.ts";
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
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { dashboardQueries } from "../support/e2e/grafana.ts";
import { inContainer } from "../support/e2e/inside.ts";
import { openPorts, put, read, remove } from "../support/e2e/objects.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";

const STACK = "pr-722";
const PORT = 10_722;
const SETTINGS = {
  ...SMALL,
  images: {},
  // Room for what the tests run beside it.
  app: { ...SMALL.app, ...OBJECTS_APP, readyTimeout: "60s", resources: { limits: { memory: "256Mi" } } },
  temporal: { enabled: false },
  ...BUCKET,
  backup: { enabled: true },
};

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, `${STACK}.localhost`);
const app = inContainer(name("apprun"));
const bucket = new AppsBucket(app);
const copied = () => copyIsEqual(inContainer(name("seaweedfs-copy")));

const available =
  (await hasRestic()) &&
  (await hasImage(selectImage("seaweedfs").reference)) &&
  (await hasImage(selectImage("rclone").reference));

async function ok(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.cli(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe.skipIf(!available)("a bucket inside of the stack (skipped without SeaweedFS, rclone or restic)", () => {
  let before: Awaited<ReturnType<typeof bucket.sums>>;

  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("comes up, and the app stores files with the key that it was given", async () => {
    await ok(["up"]);
    await project.rememberSalt();
    await bucket.store();
    before = await bucket.sums();
    expect(before[0]?.type).toBe("application/pdf");
  });

  it("is left alone by a second up", async () => {
    const running = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(await containers(STACK)).toEqual(running);
  });

  it("keeps what the app overwrites and deletes, and the app brings it back", () => expectOlderVersions(bucket));

  it("does not let the app's key change its bucket or reach another", async () => {
    const suspended = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    const rule =
      "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>";
    expect(
      await bucket.statuses(
        put("?versioning=", { text: suspended }),
        put("?lifecycle=", { text: rule }),
        put("?policy=", { text: "{}" }),
        remove(""),
        put("", { bucket: "another" }),
        { ...read("?list-type=2"), bucket: "another" },
        { ...read("?list-type=2"), keys: { id: "apprun", key: "wrong" } },
      ),
    ).toEqual([403, 403, 403, 403, 403, 403, 403]);
    const [versioning, list] = await bucket.ask(read("?versioning="), read("?list-type=2"));
    expect(versioning?.text).toContain("<Status>Enabled</Status>");
    expect(list?.status).toBe(200);
  });

  it("has no port open to other containers that asks for no login", async () => {
    expect(await openPorts(app, "seaweedfs", [8333, ...PORTS_WITHOUT_LOGIN])).toEqual([8333]);
    await expectNoNewIdentity(app, "seaweedfs");
  });

  it("is scraped, and every query of its dashboard has data", async () => {
    await expect.poll(async () => (await api.targets())["seaweedfs"], { timeout: 60_000, interval: 1000 }).toBe("up");
    await expectData((expr) => api.query(expr), await dashboardQueries(project, PORT, "apprun-seaweedfs"));
    expect(await api.brokenRules()).toEqual([]);
  });

  it("is in the backup set, which a drill proves", async () => {
    await copied();
    await ok(["backup"]);
    await ok(["drill"]);
  });

  it("comes back from the set with contents and types, and what came after it stays as older versions", async () => {
    await expectRestored(bucket, { restore: () => ok(["restore", "--confirm", STACK]), copied }, before);
  });

  it("stays as it is when the databases alone come back, and comes back alone with the files", async () => {
    await ok(["restore", "--databases", "--confirm", STACK]);
    expect(await bucket.statuses(read("/later"))).toEqual([200]);
    await ok(["restore", "--files", "--confirm", STACK]);
    expect([await bucket.statuses(read("/later")), await bucket.sums()]).toEqual([[404], before]);
  });

  it("comes back on a new server from the copy, whose bucket is empty", async () => {
    await docker("rm", "--force", name("seaweedfs"), name("seaweedfs-copy"), name("seaweedfs-bucket"));
    await docker("volume", "rm", name("seaweedfs"));
    await ok(["up", "--data-is-lost", "--confirm", STACK]);
    expect(await bucket.sums()).toEqual(before);
  });

  it("takes a new key of the app, and refuses the old one", async () => {
    const old = await bucket.keys();
    project.configure({ ...SETTINGS, rotation: { "seaweedfs-app-key": 2 } });
    await ok(["up"]);
    expect(await bucket.sums()).toEqual(before);
    expect(await bucket.statuses({ ...read("/note"), keys: old })).toEqual([403]);
  });

  it("is not switched off in silence, and leaves its volume when the operator says so", async () => {
    project.configure({ ...SETTINGS, storage: { mode: "local" } });
    expect(await project.cli(["up"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("would drop what holds data or belongs to it: seaweedfs") as string,
    });
    expect(await bucket.sums()).toEqual(before);
    await ok(["up", "--forget-data", "--confirm", STACK]);
    expect(Object.keys(await containers(STACK))).not.toContain(name("seaweedfs"));
    const volumes = await docker("volume", "ls", "--quiet", "--filter", `name=^${name("seaweedfs")}`);
    expect(volumes.trim().split("\n").sort()).toEqual([name("seaweedfs"), name("seaweedfs-copy")]);
    project.configure({ ...SETTINGS, rotation: { "seaweedfs-app-key": 2 } });
    // Now the app's own volume is what the stack is to forget, and the bucket's what it is to take.
    await ok(["up", "--forget-data", "--take-data", "--confirm", STACK]);
    expect(await bucket.sums()).toEqual(before);
    const again = await project.cli(["up"]);
    expect(again.stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });
});
