import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { maskEnvironment, maskSecrets } from "../../../../cli/backup/mask.ts";
import {
  databasePod,
  podFrom,
  treePod,
  treesOf,
  type PodTemplate,
} from "../../../../cli/backup/kubernetes/restore-pods.ts";
import { scriptCommand, splitLog } from "../../../../cli/backup/kubernetes/script-job.ts";
import { inputsOf, stackOf } from "../../../support/record/stacks.ts";

describe("a script's result in a log that has its progress too", () => {
  const run = (body: string) => {
    const script = join(mkdtempSync(join(tmpdir(), "script-")), "task.sh");
    writeFileSync(script, body);
    const [shell = "", ...rest] = scriptCommand("task.sh", ["first", "second word"]).map((word) =>
      word === "/opt/backup/task.sh" ? script : word,
    );
    return execFileSync(shell, rest, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  };

  it("is told apart, line by line, with its arguments as they were given", () => {
    const log = `12:00:00 begins\n${run('echo "$1"; echo "$2"; echo progress >&2')}12:00:01 ends\n`;
    expect(splitLog(log)).toEqual({ output: "first\nsecond word\n", progress: ["12:00:00 begins", "12:00:01 ends"] });
  });

  it("does not hide the exit code", () => {
    expect(() => run("exit 7")).toThrow(expect.objectContaining({ status: 7 }) as Error);
  });
});

describe("the pods of a restore, made from the schedule's own", () => {
  let template: PodTemplate;
  beforeAll(async () => {
    const recording = await stackOf({ platform: "kubernetes" });
    const cronJob = inputsOf<{ spec: { jobTemplate: { spec: { template: PodTemplate } } } }>(
      recording,
      "kubernetes:batch/v1:CronJob",
      "backup-backup",
    );
    ({ template } = cronJob.spec.jobTemplate.spec);
  });
  const claims = ({ spec }: PodTemplate) =>
    spec?.volumes
      ?.flatMap(({ persistentVolumeClaim: claim }) =>
        claim ? [`${claim.claimName} ${claim.readOnly === true ? "read" : "write"}`] : [],
      )
      .sort();
  const withRemote = ({ spec, ...rest }: PodTemplate): PodTemplate => {
    const [container] = spec!.containers;
    const remote = { name: "BACKUP_REMOTE", value: "s3:https://s3.example.com/sets/apprun/dev" };
    return {
      ...rest,
      spec: {
        ...spec!,
        containers: [{ ...container!, env: [...container!.env!.filter(({ name }) => name !== remote.name), remote] }],
      },
    };
  };
  const env = ({ spec }: PodTemplate, name: string) =>
    spec?.containers[0]?.env?.filter((variable) => variable.name === name).map(({ value }) => value);

  it("know every volume of files", () => {
    expect(treesOf(template)).toEqual([
      { name: "apprun-storage", claim: "apprun-storage" },
      { name: "grafana", claim: "grafana" },
      { name: "prometheus", claim: "prometheus" },
    ]);
    expect(claims(template)).toEqual([
      "apprun-storage read",
      "backup-metrics write",
      "backup-tools read",
      "backups write",
      "grafana read",
      "prometheus read",
    ]);
  });

  it("write databases without any volume of files, and have the administrator's password as a file only", () => {
    const pod = databasePod(template, "temporary");
    expect(claims(pod)).toEqual(["backup-metrics write", "backup-tools read", "backups write"]);
    expect(env(pod, "BACKUP_TREES")).toEqual([""]);
    const secrets = pod.spec?.volumes?.find(({ name }) => name === "secrets")?.projected?.sources;
    expect(secrets?.map(({ secret }) => secret?.items?.map(({ path }) => path))).toEqual([
      ["backup-password", "database-password", "key-fingerprints.json"],
      ["admin-password"],
    ]);
    expect(secrets?.[1]?.secret?.name).toBe("temporary");
  });

  it("mask the app's database alone, with files and a password that no other pod has", () => {
    const mask = {
      files: [{ name: "mask-1-mail.sql", content: "UPDATE" }],
      database: "apprun",
      role: "apprun",
      password: "secret",
    };
    const from = podFrom(withRemote(template), { stack: "apprun/prod" }, "temporary");
    const pod = databasePod(from, "temporary", { secrets: Object.keys(maskSecrets(mask)), env: maskEnvironment(mask) });
    const sources = pod.spec?.volumes?.find(({ name }) => name === "secrets")?.projected?.sources ?? [];
    const given = sources.flatMap(({ secret }) =>
      secret?.name === "temporary" ? (secret.items ?? []).map(({ path }) => path) : [],
    );
    expect(given).toEqual(["backup-password", "admin-password", "mask-password", "mask-1-mail.sql"]);
    expect(
      ["BACKUP_FROM", "BACKUP_DATABASES", "BACKUP_TREES", "BACKUP_MASK", "BACKUP_MASK_FILES"].map((name) =>
        env(pod, name),
      ),
    ).toEqual([["apprun/prod"], ["apprun"], [""], ["apprun"], ["mask-1-mail.sql"]]);
  });

  it("read another stack's sets with its password, and keep their own of everything else", () => {
    const from = podFrom(withRemote(template), { stack: "apprun/other" }, "temporary");
    expect([env(from, "BACKUP_FROM"), env(from, "BACKUP_STACK"), env(from, "BACKUP_REMOTE")]).toEqual([
      ["apprun/other"],
      ["apprun/dev"],
      ["s3:https://s3.example.com/sets/apprun/other"],
    ]);
    for (const pod of [
      databasePod(from, "temporary"),
      treePod(from, { name: "grafana", claim: "grafana" }, { uid: 472, gid: 0 }),
    ]) {
      const sources = pod.spec?.volumes?.find(({ name }) => name === "secrets")?.projected?.sources ?? [];
      const passwords = sources.flatMap(({ secret }) =>
        (secret?.items ?? []).filter(({ path }) => path === "backup-password").map(() => secret?.name),
      );
      expect(passwords).toEqual(["temporary"]);
    }
  });

  it("write one volume as the owner of its files, and read the repository through the backup's group", () => {
    const pod = treePod(template, { name: "grafana", claim: "grafana" }, { uid: 472, gid: 0 });
    expect(claims(pod)).toEqual(["backup-tools read", "backups read", "grafana write"]);
    expect(pod.spec?.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 472,
      runAsGroup: 0,
      fsGroup: 0,
      supplementalGroups: [70],
    });
    expect([env(pod, "BACKUP_TREES"), env(pod, "BACKUP_WORK")]).toEqual([["grafana"], ["/restore-work"]]);
    expect(
      pod.spec?.containers[0]?.volumeMounts
        ?.filter(({ readOnly }) => readOnly !== true)
        .map(({ mountPath }) => mountPath),
    ).toEqual(["/sources/grafana", "/restore-work"]);
    expect(JSON.stringify(pod)).not.toContain("admin-password");
  });
});
