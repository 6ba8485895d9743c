import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ciGuard } from "../../../cli/commands/ci/guard.ts";
import { guardProblems } from "../../../cli/ci/guard.ts";
import { readPreview } from "../../../cli/ci/preview.ts";
import { phrase } from "../../../components/model/problem.ts";

const PREVIEWS = "test/cli/ci/previews";
const FAILED = "preview: got one that failed; allowed: one that ends well; fix the cause and run it again";

/**
 * What each preview would lose. The engine printed those without a platform in their name; the others have its form
 * and were put together from recordings of the program, or by hand for providers that it does not use.
 */
const LOST: Readonly<Record<string, readonly string[]>> = {
  "another-provider": ["orders deletes what the program protects"],
  "app-log-level": [],
  "cloudflare-bucket": ["backups deletes a bucket"],
  create: [],
  "delete-database": [
    "postgres deletes a database server",
    "postgres-17 deletes a volume",
    "postgres-provision-kratos deletes a secret that data is encrypted or guarded with",
    "postgres-superuser deletes a secret that data is encrypted or guarded with",
    "postgres-provision-apprun deletes a secret that data is encrypted or guarded with",
    "postgres-provision-temporal deletes a secret that data is encrypted or guarded with",
  ],
  "docker-app-version": [],
  "docker-backup-off": [
    "backup-tools deletes a volume",
    "backups deletes a volume",
    "backup-metrics deletes a volume",
    "backup-password deletes a secret that data is encrypted or guarded with",
    "postgres-provision-backup deletes a secret that data is encrypted or guarded with",
  ],
  "docker-nats-off": [
    "nats deletes a database server",
    "nats deletes a volume",
    "nats-password deletes a secret that data is encrypted or guarded with",
  ],
  error: [FAILED],
  "failed-in-the-middle": [FAILED],
  "kubernetes-autoscaling": [],
  "kubernetes-metrics-off": [],
  "kubernetes-namespace": ["namespace replaces a namespace and everything in it"],
  "kubernetes-nats-off": [
    "nats deletes a StatefulSet",
    "nats deletes a claim",
    "nats-password deletes a secret that data is encrypted or guarded with",
  ],
  "kubernetes-operator-off": ["postgres deletes a database cluster"],
  "kubernetes-own-class": [
    "postgres-17 replaces a claim",
    "cache replaces a claim",
    "apprun-storage replaces a claim",
    "backup-metrics replaces a claim",
    "alertmanager replaces a claim",
    "grafana replaces a claim",
    "prometheus replaces a claim",
    "backups replaces a claim",
    "backup-tools replaces a claim",
    "data deletes a storage class, which says whether volumes are kept",
  ],
  "kubernetes-volume": ["uploads deletes a persistent volume", "uploads deletes a claim"],
  nothing: [],
  "postgres-major": ["postgres-17 deletes a volume"],
  "postgresql-database": ["kratos replaces a database", "kratos deletes a database role"],
  "postgresql-grants": [],
  "postgresql-schema": [
    "audit deletes a schema of a database",
    "postgis deletes an extension of a database, and the columns of its types",
    "warehouse deletes a replication slot",
  ],
  "replace-volume": ["postgres-17 replaces a volume"],
};

const names = readdirSync(PREVIEWS).map((file) => file.replace(".json", ""));

function lostBy(name: string): readonly string[] {
  const problems = guardProblems({ preview: readPreview(`${PREVIEWS}/${name}.json`), labels: [] });
  return problems.map(
    (problem) => /^"(.*)": got a change that (.*)$/.exec(problem.got)?.slice(1).join(" ") ?? phrase(problem),
  );
}

describe("of the previews that are kept here", () => {
  it("there are twenty or more, and the table has each", () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
    expect(Object.keys(LOST).sort()).toEqual([...names].sort());
  });

  it.each(names)("%s is refused for what it loses, by name, and for nothing else", (name) => {
    expect(lostBy(name)).toEqual(LOST[name]);
  });

  it.each(names.filter((name) => LOST[name]?.includes(FAILED) === false))("%s may go on with the label", (name) => {
    expect(
      guardProblems({ preview: readPreview(`${PREVIEWS}/${name}.json`), labels: ["data-change-approved"] }),
    ).toEqual([]);
  });
});

describe("what is no whole preview", () => {
  const whole = readFileSync(`${PREVIEWS}/replace-volume.json`, "utf8");
  const changed = (change: object) => JSON.stringify({ ...(JSON.parse(whole) as object), ...change });

  it.each<[string, string, string]>([
    ["nothing", "", "got something else, or a part of one"],
    ["an empty map", "{}", "got a preview with no step, no result"],
    ["half a file", whole.slice(0, whole.length / 2), "got something else, or a part of one"],
    ["the engine's stream of events", '{"sequence":0}\n{"sequence":1}\n', "got something else, or a part of one"],
    ["one without steps", changed({ steps: [] }), "got a preview with no step, 0 of 1 steps replace"],
    ["one without a result", changed({ changeSummary: undefined }), "got a preview with no result"],
    [
      "one that counts more than it lists",
      changed({ changeSummary: { replace: 1, delete: 2 } }),
      "got a preview with 0 of 2 steps delete",
    ],
    [
      "one that the engine does not trust",
      changed({ maybeCorrupt: true }),
      "got a preview with the engine's own word that it may be corrupt",
    ],
  ])("is refused: %s", (_, text, got) => {
    const file = join(mkdtempSync(join(tmpdir(), "apprun-")), "preview.json");
    writeFileSync(file, text);
    expect(() => {
      ciGuard({ preview: file, labels: "data-change-approved" });
    }).toThrow(`${file}: ${got}; allowed: what \`pulumi preview --json\` prints`);
  });

  it("is refused as what was approved, too", () => {
    const file = join(mkdtempSync(join(tmpdir(), "apprun-")), "approved.json");
    writeFileSync(file, "{}");
    expect(() => {
      ciGuard({ preview: `${PREVIEWS}/nothing.json`, approved: file, labels: "" });
    }).toThrow("got a preview with no step, no result");
  });

  it("except for one that failed before its first step, whose error is shown", () => {
    const file = join(mkdtempSync(join(tmpdir(), "apprun-")), "preview.json");
    writeFileSync(file, JSON.stringify({ diagnostics: [{ severity: "error", message: "no such host" }] }));
    expect(() => {
      ciGuard({ preview: file, labels: "" });
    }).toThrow("got one that failed");
  });
});
