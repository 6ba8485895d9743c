import { expect } from "vitest";
import type { Inside } from "./inside.ts";
import {
  inNode,
  put,
  read,
  remove,
  version,
  type ObjectAnswer,
  type ObjectKeys,
  type ObjectRequest,
} from "./objects.ts";

/** The first process of a container is not ended by a signal that it does not handle. */
const SERVER = `process.on("SIGTERM", () => process.exit());
require("node:http").createServer((_, answer) => answer.end("ok")).listen(8080);`;

/** An app that answers, and runs what the tests send into its container. */
export const OBJECTS_APP = {
  image: { repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000, probeTool: "wget" },
  command: ["node", "-e", SERVER],
  paths: { health: "/", metrics: "none" },
  variablesPreset: "apprun",
} as const;

/** The bucket, whose copy for backups follows at once. */
export const BUCKET = {
  storage: { mode: "local-s3" },
  seaweedfs: { storage: "1Gi", bucket: "uploads", copyEvery: "3s" },
} as const;

/** What SeaweedFS listens at without a login: master, volume server, filer and what else it could. */
export const PORTS_WITHOUT_LOGIN = [9333, 19333, 8080, 18080, 8888, 18888, 8181, 9101, 7333, 23646];

/** Keys of every kind, and contents of some bytes up to more than a chunk of the server's. */
const FILES: Readonly<Record<string, Partial<ObjectRequest>>> = {
  "/report.pdf": { bytes: 5_000_000, seed: "a", headers: { "content-type": "application/pdf" } },
  "/pages/page%201": { text: "page", headers: { "x-amz-meta-author": "me" } },
  "/%C3%A4%20%2B%26%3C%27/~.txt": { text: "letters" },
  "/video": { bytes: 20_000_000, seed: "b" },
  "/empty": { text: "" },
};
const PATHS = Object.keys(FILES);

/** The bucket of a stack, as its app sees it with the key that it was given. */
export class AppsBucket {
  readonly #app: Inside;

  constructor(app: Inside) {
    this.#app = app;
  }

  async ask(...requests: readonly ObjectRequest[]): Promise<readonly ObjectAnswer[]> {
    return JSON.parse(await inNode(this.#app, "objects.mjs", JSON.stringify(requests))) as readonly ObjectAnswer[];
  }

  async statuses(...requests: readonly ObjectRequest[]): Promise<readonly number[]> {
    return (await this.ask(...requests)).map(({ status }) => status);
  }

  /** Stores the files. */
  async store(): Promise<void> {
    const stored = await this.statuses(...PATHS.map((path) => put(path, FILES[path] ?? {})));
    expect(stored).toEqual(PATHS.map(() => 200));
    expect(await this.statuses(...PATHS.map(read))).toEqual(stored);
  }

  /** What the files are now. */
  async sums() {
    return (await this.ask(...PATHS.map(read))).map(({ status, sha256, type }) => ({ status, sha256, type }));
  }

  /** Changes them: one is new, one overwritten, two are gone. Answers with what it was told of the new one. */
  async change(): Promise<ObjectAnswer | undefined> {
    const [later] = await this.ask(
      put("/later", { text: "later" }),
      put("/report.pdf", { text: "overwritten" }),
      remove("/video"),
      remove("/pages/page%201"),
    );
    return later;
  }

  /** The key that the app has at present. */
  async keys(): Promise<ObjectKeys> {
    const given = async (variable: string) => (await this.#app("sh", "-c", `cat "$${variable}"`)).trim();
    return { id: await given("AWS_ACCESS_KEY_ID_FILE"), key: await given("AWS_SECRET_ACCESS_KEY_FILE") };
  }
}

/** What the app overwrites and deletes stays: it reads the older versions, brings one back, and deletes none. */
export async function expectOlderVersions(bucket: AppsBucket): Promise<void> {
  const [first, second, deleted, gone] = await bucket.ask(
    put("/note", { text: "one" }),
    put("/note", { text: "two" }),
    remove("/note"),
    read("/note"),
  );
  expect([deleted?.status, gone?.status]).toEqual([204, 404]);
  const older = await bucket.ask(read(version("/note", first)), read(version("/note", second)));
  expect(older.map(({ text }) => text)).toEqual(["one", "two"]);
  const [copied, back] = await bucket.ask(
    put("/note", { headers: { "x-amz-copy-source": `/uploads${version("/note", first)}` } }),
    read("/note"),
  );
  expect([copied?.status, back?.text]).toEqual([200, "one"]);
  const refused = [second, deleted].map((each) => remove(version("/note", each)));
  expect(await bucket.statuses(...refused)).toEqual([403, 403]);
}

/** The port for other servers listens, and takes no identity from anybody. */
export async function expectNoNewIdentity(app: Inside, host: string): Promise<void> {
  expect(await inNode(app, "new-identity.mjs", host, "18333", "intruder", "intruders-key")).toContain("refused");
  const keys = { id: "intruder", key: "intruders-key" };
  expect(await new AppsBucket(app).statuses({ ...read("?list-type=2"), keys })).toEqual([403]);
}

/** A restore brings back contents and types, leaves what came after the set as older versions, and is not done a second time. */
export async function expectRestored(
  bucket: AppsBucket,
  { restore, copied: isCopied }: { readonly restore: () => Promise<unknown>; readonly copied: () => Promise<void> },
  before: Awaited<ReturnType<AppsBucket["sums"]>>,
): Promise<void> {
  const later = await bucket.change();
  await isCopied();
  expect(await bucket.sums()).not.toEqual(before);
  await restore();
  expect(await bucket.sums()).toEqual(before);
  const [gone, old] = await bucket.ask(read("/later"), read(version("/later", later)));
  expect([gone?.status, old?.text]).toEqual([404, "later"]);
  // It follows the bucket again, and does not bring the set back a second time.
  await bucket.ask(put("/later", { text: "after the restore" }));
  await isCopied();
  expect((await bucket.ask(read("/later")))[0]?.text).toBe("after the restore");
}

/** Waits until the copy for backups has what the bucket has, no less and no more. */
export async function copied(copy: Inside): Promise<void> {
  const check = () =>
    copy("rclone", "check", "--quiet", "admin:uploads", "/var/tmp/objects").then(
      () => "equal",
      () => "different",
    );
  await expect.poll(check, { timeout: 60_000, interval: 1000 }).toBe("equal");
}
