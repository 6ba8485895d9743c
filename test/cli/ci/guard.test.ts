import { describe, expect, it } from "vitest";
import { guardProblems } from "../../../cli/ci/guard.ts";
import { phrase } from "../../../components/model/problem.ts";
import { readPreview, type Preview } from "../../../cli/ci/preview.ts";
import { cli } from "../../support/run/cli.ts";

const FILE = (name: string) => `test/cli/ci/previews/${name}.json`;
const preview = (name: string) => readPreview(FILE(name));
const step = (op: string, type: string, name = "x"): Preview => ({
  steps: [{ op, urn: `urn:pulumi:prod::apprun::${type}::${name}`, newState: { type, inputs: {} } }],
  diagnostics: [],
  changeSummary: { [op]: 1 },
});
const problems = (given: Preview, labels: readonly string[] = [], approved?: Preview) =>
  guardProblems({ preview: given, labels, approved }).map(phrase);
const END = "; allowed: with the label data-change-approved; undo it, or back up and set the label";

describe("a change that loses data", () => {
  it.each<[Preview, string[]]>([
    [preview("replace-volume"), [`"postgres-17": got a change that replaces a volume${END}`]],
    [step("delete", "kubernetes:core/v1:PersistentVolumeClaim"), [`"x": got a change that deletes a claim${END}`]],
    [
      step("delete-replaced", "kubernetes:apps/v1:StatefulSet"),
      [`"x": got a change that replaces a StatefulSet${END}`],
    ],
    [step("delete", "postgresql:index/database:Database"), [`"x": got a change that deletes a database${END}`]],
    [
      step("delete", "kubernetes:postgresql.cnpg.io/v1:Cluster"),
      [`"x": got a change that deletes a database cluster${END}`],
    ],
    [
      {
        ...step("delete", "a:b:C"),
        steps: [
          {
            op: "delete",
            urn: "urn:pulumi:prod::apprun::a:b:C::x",
            oldState: { type: "a:b:C", inputs: {}, retainOnDelete: true },
          },
        ],
      },
      [`"x": got a change that deletes what the program protects${END}`],
    ],
    [step("replace", "cloudflare:index/r2Bucket:R2Bucket"), [`"x": got a change that replaces a bucket${END}`]],
    [
      step("replace", "random:index/randomPassword:RandomPassword"),
      [`"x": got a change that replaces a secret that data is encrypted or guarded with${END}`],
    ],
    [
      step("delete", "docker:index/container:Container", "postgres"),
      [`"postgres": got a change that deletes a database server${END}`],
    ],
    [preview("error"), ["preview: got one that failed; allowed: one that ends well; fix the cause and run it again"]],
  ])("is stopped: %#", (given, expected) => {
    expect(problems(given)).toEqual(expected);
  });

  it("names all that a change of the database would lose", () => {
    expect(problems(preview("delete-database")).map((line) => line.split(":")[0])).toEqual([
      '"postgres"',
      '"postgres-17"',
      '"postgres-provision-kratos"',
      '"postgres-superuser"',
      '"postgres-provision-apprun"',
      '"postgres-provision-temporal"',
    ]);
  });

  it.each<[Preview, string[]]>([
    [preview("create"), []],
    [preview("nothing"), []],
    [preview("replace-volume"), ["other", "data-change-approved"]],
    [step("replace", "docker:index/container:Container", "postgres"), []],
    [step("delete", "docker:index/container:Container", "apprun"), []],
    [step("update", "docker:index/volume:Volume"), []],
    [step("delete", "kubernetes:rbac.authorization.k8s.io/v1:Role"), []],
    [step("delete", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"), []],
    [step("delete", "aws:iam/role:Role"), []],
    [step("delete", "kubernetes:core/v1:PersistentVolumeClaimPatch"), []],
  ])("may go on: %#", (given, labels) => {
    expect(problems(given, labels)).toEqual([]);
  });
});

describe("what was approved", () => {
  const LABEL = ["data-change-approved"];
  it("is what may go on", () => {
    expect(problems(preview("delete-database"), LABEL, preview("delete-database"))).toEqual([]);
  });

  it("is not something else, whichever way it differs", () => {
    expect(problems(step("create", "a:b:C"), LABEL, step("update", "a:b:C"))).toEqual([
      '"x": got create, which nobody approved; allowed: exactly what was approved; approve a new preview',
      '"x": got no update, which was approved; allowed: exactly what was approved; approve a new preview',
    ]);
  });

  it("has the values that were approved", () => {
    const update = (image: string, diffReasons: string[] = []): Preview => ({
      steps: [
        {
          op: "update",
          urn: "urn:pulumi:prod::apprun::a:b:C::x",
          newState: { type: "a:b:C", inputs: { image } },
          diffReasons,
        },
      ],
      diagnostics: [],
      changeSummary: { update: 1 },
    });
    const line =
      '"x": got update with other values than were approved; allowed: exactly what was approved; approve a new preview';
    expect(problems(update("a:1"), LABEL, update("a:1"))).toEqual([]);
    expect(problems(update("a:2"), LABEL, update("a:1"))).toEqual([line]);
    expect(problems(update("a:1", ["envs"]), LABEL, update("a:1"))).toEqual([line]);
  });
});

describe("ci guard", () => {
  it("ends with 1 for what may not go on", async () => {
    expect(await cli(["ci", "guard", "--preview", FILE("replace-volume")])).toEqual({
      code: 1,
      stdout: "",
      stderr: `the change may not go on:\n  "postgres-17": got a change that replaces a volume${END}\n`,
    });
  });

  it("ends with 0 for what may", async () => {
    const { code, stdout } = await cli([
      "ci",
      "guard",
      "--preview",
      FILE("replace-volume"),
      "--labels",
      "bug, data-change-approved",
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "the change may go on\n" });
  });

  it("asks for what it needs", async () => {
    const { code, stderr } = await cli(["ci", "guard"]);
    expect(code).toBe(2);
    expect(stderr).toContain("required option '--preview <file>' not specified");
  });
});
