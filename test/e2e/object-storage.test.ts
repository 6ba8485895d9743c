import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selectImage } from "../../components/services/catalogue.ts";
import { hasImage, hasRestic } from "../support/e2e/available.ts";
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { dashboardQueries } from "../support/e2e/grafana.ts";
import { askObjects, inNode, openPorts, type ObjectRequest } from "../support/e2e/objects.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";

const STACK = "pr-722";
const PORT = 10_722;
/** An app that answers, and runs what the tests send into its container. */
const APP = {
  image: { repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000, probeTool: "wget" },
  command: ["node", "-e", 'require("node:http").createServer((_, answer) => answer.end("ok")).listen(8080)'],
  paths: { health: "/", metrics: "none" },
  variablesPreset: "apprun",
} as const;
const SETTINGS = {
  ...SMALL,
  images: {},
  // Room for what the tests run beside it.
  app: { ...SMALL.app, ...APP, readyTimeout: "60s", resources: { limits: { memory: "256Mi" } } },
  temporal: { enabled: false },
  storage: { mode: "local-s3" },
  seaweedfs: { storage: "1Gi", bucket: "uploads", copyEvery: "3s" },
  backup: { enabled: true },
};

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, `${STACK}.localhost`);
const app = name("apprun");
const ask = (...requests: readonly ObjectRequest[]) => askObjects(app, ...requests);
const put = (path: string, content: Partial<ObjectRequest>): ObjectRequest => ({ method: "PUT", path, ...content });
const read = (path: string): ObjectRequest => ({ method: "GET", path });
const statuses = async (...requests: readonly ObjectRequest[]) => (await ask(...requests)).map(({ status }) => status);

/** Keys of every kind, and contents of some bytes up to more than a chunk of the server's. */
const FILES: Readonly<Record<string, Partial<ObjectRequest>>> = {
  "/report.pdf": { bytes: 5_000_000, seed: "a", headers: { "content-type": "application/pdf" } },
  "/pages/page%201": { text: "page", headers: { "x-amz-meta-author": "me" } },
  "/%C3%A4%20%2B%26%3C%27/~.txt": { text: "letters" },
  "/video": { bytes: 20_000_000, seed: "b" },
  "/empty": { text: "" },
};
const paths = Object.keys(FILES);
const sums = async () => (await ask(...paths.map(read))).map(({ status, sha256, type }) => ({ status, sha256, type }));

/** Waits until the copy for backups has what the bucket has, no less and no more. */
async function copied(): Promise<void> {
  const check = () =>
    docker("exec", name("seaweedfs-copy"), "rclone", "check", "--quiet", "admin:uploads", "/var/tmp/objects").then(
      () => "equal",
      () => "different",
    );
  await expect.poll(check, { timeout: 60_000, interval: 1000 }).toBe("equal");
}

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
  let before: Awaited<ReturnType<typeof sums>>;

  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("comes up, and the app stores files with the key that it was given", async () => {
    await ok(["up"]);
    await project.rememberSalt();
    const answers = await ask(...paths.map((path) => put(path, FILES[path] ?? {})));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    before = await sums();
    expect(before.map(({ status }) => status)).toEqual(paths.map(() => 200));
    expect(before[0]?.type).toBe("application/pdf");
  });

  it("is left alone by a second up", async () => {
    const running = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(await containers(STACK)).toEqual(running);
  });

  it("keeps what the app overwrites and deletes, and the app brings it back", async () => {
    const [first, second, deleted, gone] = await ask(
      put("/note", { text: "one" }),
      put("/note", { text: "two" }),
      { method: "DELETE", path: "/note" },
      read("/note"),
    );
    expect([deleted?.status, gone?.status]).toEqual([204, 404]);
    const [one, two] = await ask(
      read(`/note?versionId=${first?.version ?? ""}`),
      read(`/note?versionId=${second?.version ?? ""}`),
    );
    expect([one?.text, two?.text]).toEqual(["one", "two"]);
    const [copied, back] = await ask(
      put("/note", { headers: { "x-amz-copy-source": `/uploads/note?versionId=${first?.version ?? ""}` } }),
      read("/note"),
    );
    expect([copied?.status, back?.text]).toEqual([200, "one"]);
    expect(
      await statuses(
        { method: "DELETE", path: `/note?versionId=${second?.version ?? ""}` },
        { method: "DELETE", path: `/note?versionId=${deleted?.version ?? ""}` },
      ),
    ).toEqual([403, 403]);
  });

  it("does not let the app's key change its bucket or reach another", async () => {
    const suspended = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    const rule =
      "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>";
    expect(
      await statuses(
        put("?versioning=", { text: suspended }),
        put("?lifecycle=", { text: rule }),
        put("?policy=", { text: "{}" }),
        { method: "DELETE", path: "" },
        put("", { bucket: "another" }),
        { method: "GET", path: "?list-type=2", bucket: "another" },
        { method: "GET", path: "?list-type=2", keys: { id: "apprun", key: "wrong" } },
      ),
    ).toEqual([403, 403, 403, 403, 403, 403, 403]);
    const [versioning, list] = await ask(read("?versioning="), read("?list-type=2"));
    expect(versioning?.text).toContain("<Status>Enabled</Status>");
    expect(list?.status).toBe(200);
  });

  it("has no port open to other containers that asks for no login", async () => {
    const inside = [9333, 19333, 8080, 18080, 8888, 18888, 8181, 9101, 7333, 23646];
    expect(await openPorts(app, "seaweedfs", [8333, ...inside])).toEqual([8333]);
    // The port for other servers listens, and takes nothing from anybody.
    expect(await inNode(app, "new-identity.mjs", "seaweedfs", "18333", "intruder", "intruders-key")).toContain(
      "refused",
    );
    const intruder = { id: "intruder", key: "intruders-key" };
    expect(await statuses({ method: "GET", path: "?list-type=2", keys: intruder })).toEqual([403]);
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
    const [later] = await ask(
      put("/later", { text: "later" }),
      put("/report.pdf", { text: "overwritten" }),
      { method: "DELETE", path: "/video" },
      { method: "DELETE", path: "/pages/page%201" },
    );
    await copied();
    expect(await sums()).not.toEqual(before);
    await ok(["restore", "--confirm", STACK]);
    expect(await sums()).toEqual(before);
    const [gone, old] = await ask(read("/later"), read(`/later?versionId=${later?.version ?? ""}`));
    expect([gone?.status, old?.text]).toEqual([404, "later"]);
    // It follows the bucket again, and does not bring the set back a second time.
    await ask(put("/later", { text: "after the restore" }));
    await copied();
    expect((await ask(read("/later")))[0]?.text).toBe("after the restore");
  });

  it("stays as it is when the databases alone come back, and comes back alone with the files", async () => {
    await ok(["restore", "--databases", "--confirm", STACK]);
    expect(await statuses(read("/later"))).toEqual([200]);
    await ok(["restore", "--files", "--confirm", STACK]);
    expect([await statuses(read("/later")), await sums()]).toEqual([[404], before]);
  });

  it("comes back on a new server from the copy, whose bucket is empty", async () => {
    await docker("rm", "--force", name("seaweedfs"), name("seaweedfs-copy"), name("seaweedfs-bucket"));
    await docker("volume", "rm", name("seaweedfs"));
    await ok(["up", "--data-is-lost", "--confirm", STACK]);
    expect(await sums()).toEqual(before);
  });

  it("takes a new key of the app, and refuses the old one", async () => {
    const given = async (variable: string) => (await docker("exec", app, "sh", "-c", `cat "$${variable}"`)).trim();
    const old = { id: await given("AWS_ACCESS_KEY_ID_FILE"), key: await given("AWS_SECRET_ACCESS_KEY_FILE") };
    project.configure({ ...SETTINGS, rotation: { "seaweedfs-app-key": 2 } });
    await ok(["up"]);
    expect(await sums()).toEqual(before);
    expect(await statuses({ ...read("/note"), keys: old })).toEqual([403]);
  });

  it("is not switched off in silence, and leaves its volume when the operator says so", async () => {
    project.configure({ ...SETTINGS, storage: { mode: "local" } });
    expect(await project.cli(["up"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("would drop what holds data or belongs to it: seaweedfs") as string,
    });
    expect(await sums()).toEqual(before);
    await ok(["up", "--forget-data", "--confirm", STACK]);
    expect(Object.keys(await containers(STACK))).not.toContain(name("seaweedfs"));
    const volumes = await docker("volume", "ls", "--quiet", "--filter", `name=^${name("seaweedfs")}`);
    expect(volumes.trim().split("\n").sort()).toEqual([name("seaweedfs"), name("seaweedfs-copy")]);
    project.configure({ ...SETTINGS, rotation: { "seaweedfs-app-key": 2 } });
    // Now the app's own volume is what the stack is to forget, and the bucket's what it is to take.
    await ok(["up", "--forget-data", "--take-data", "--confirm", STACK]);
    expect(await sums()).toEqual(before);
    const again = await project.cli(["up"]);
    expect(again.stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });
});
