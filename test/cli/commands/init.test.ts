import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bucket } from "../../../cli/backup/bucket/bucket.ts";
import { seal, type StateCopy } from "../../../cli/backup/bucket/sealed.ts";
import { init, type InitOptions } from "../../../cli/commands/init.ts";
import { captured } from "../../support/fakes/terminal.ts";

const COPY: StateCopy = {
  format: 1,
  project: "apprun",
  stack: "prod",
  at: "2026-11-27T22:30:00.000Z",
  host: "one",
  files: { "Pulumi.prod.yaml": "of the copy\n", "../elsewhere": "of nobody\n" },
  exported: { deployment: { resources: [{}] } },
};
const STATE = "apprun/prod-state/2026-11-27T22:30:00.000Z.age";
const SETS = "apprun/prod/snapshots/1";
const ENVIRONMENT = { PULUMI_CONFIG_PASSPHRASE: "p", AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" };
const sealed = await seal(COPY, "p");

interface World {
  readonly options?: Partial<InitOptions>;
  readonly env?: NodeJS.ProcessEnv;
  readonly keys?: readonly string[];
  readonly known?: readonly object[];
  /** What the clone has. */
  readonly file?: string;
  readonly upFails?: boolean;
}

async function run({ options = {}, env = ENVIRONMENT, keys = [STATE, SETS], known = [], file, upFails }: World = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "init-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: apprun\n");
  if (file !== undefined) writeFileSync(join(cwd, "Pulumi.prod.yaml"), file);
  const log: string[] = [];
  const did = (what: string) => (given: object) => {
    log.push(`${what} ${JSON.stringify({ ...given, cwd: undefined })}`);
    return upFails === true && what === "up" ? Promise.reject(new Error("no")) : Promise.resolve();
  };
  const bucket = {
    list: (prefix: string) => Promise.resolve(keys.filter((key) => key.startsWith(prefix))),
    get: () => Promise.resolve(sealed),
  } as unknown as Bucket;
  const outcome = await captured(() =>
    init(
      { stack: "prod", cwd, fromBackup: "https://s3.example.com/backups", confirm: "prod", ...options },
      {
        env,
        openBucket: () => Promise.resolve(bucket),
        knownState: () => Promise.resolve({ resources: known as [] }),
        importState: (_, { exported }) => did("import")(exported),
        up: did("up"),
        restore: did("restore"),
        backup: did("backup"),
      },
    ),
  );
  return { ...outcome, log, cwd, message: String(outcome.error) };
}

const COMMON = '"stack":"prod","verbose":false,"json":false';

describe("init --from-backup", () => {
  it("brings settings, state, services and data back, and takes the backups over", async () => {
    const { log, cwd, error, stdout, stderr } = await run();
    expect(error).toBeUndefined();
    expect(log).toEqual([
      'import {"deployment":{"resources":[{}]}}',
      `up {${COMMON},"dataIsLost":true,"skipBackup":true,"confirm":"prod"}`,
      `restore {${COMMON},"repository":"remote","confirm":"prod"}`,
      `backup {${COMMON},"takeOver":true}`,
    ]);
    expect(readFileSync(join(cwd, "Pulumi.prod.yaml"), "utf8")).toBe("of the copy\n");
    expect(existsSync(join(cwd, "../elsewhere"))).toBe(false);
    expect(stdout).toMatch(/^stack prod: back in \d+(\.\d)? s, with the settings of 2026-11-27T22:30:00\.000Z\n$/);
    expect(stderr).toContain("npm run restore -- --stack prod --repository remote");
  });

  it("leaves another settings file beside the copy's", async () => {
    const { cwd, stderr } = await run({ file: "of the clone\n" });
    expect(readFileSync(join(cwd, "Pulumi.prod.yaml"), "utf8")).toBe("of the copy\n");
    expect(readFileSync(join(cwd, "Pulumi.prod.yaml.before-init"), "utf8")).toBe("of the clone\n");
    expect(stderr).toContain("Pulumi.prod.yaml is the one of the copy now; what was here is in ");
  });

  it("says which commands are left before the first of them can fail", async () => {
    const { log, message, stderr } = await run({ upFails: true });
    expect([message, log.length]).toEqual(["Error: no", 2]);
    expect(stderr).toMatch(/npm run up -- --stack prod --data-is-lost --skip-backup\n.*restore.*\n.*--take-over/);
  });

  it.each<[string, World, string]>([
    ["an address of no bucket", { options: { fromBackup: "backups" } }, '--from-backup: got "backups"'],
    ["no passphrase", { env: { ...ENVIRONMENT, PULUMI_CONFIG_PASSPHRASE: undefined } }, "the passphrase: got none"],
    ["another passphrase", { env: { ...ENVIRONMENT, PULUMI_CONFIG_PASSPHRASE: "q" } }, "does not open it"],
    ["no keys", { env: { PULUMI_CONFIG_PASSPHRASE: "p" } }, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY not set"],
    ["a stack that is here", { known: [{}, {}] }, "stack prod: the state here has 2 resources of it"],
    ["a bucket without a state", { keys: [SETS] }, "it has no copy of the state of apprun/prod"],
    ["an emptied repository", { keys: [STATE] }, "the repository at apprun/prod has no backup set"],
    ["another prefix", { options: { fromBackup: "https://s3.example.com/backups/x" } }, "beside x/apprun/prod"],
    ["another stack's name", { options: { confirm: "staging" } }, '--confirm: got "staging"; allowed: "prod"'],
  ])("refuses %s before it changes anything", async (_, world, message) => {
    const refused = await run(world);
    expect(refused.message).toContain(message);
    expect(refused.message).toContain("nothing was changed");
    expect([refused.log, existsSync(join(refused.cwd, "Pulumi.prod.yaml"))]).toEqual([[], false]);
  });
});
