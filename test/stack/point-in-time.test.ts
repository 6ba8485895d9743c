import { beforeAll, describe, expect, it } from "vitest";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { stackOf } from "../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";

describe("a stack that brings moments back", () => {
  const stacks = new Map<boolean, Awaited<ReturnType<typeof stackOf>>>();
  beforeAll(async () => {
    for (const enabled of [false, true])
      stacks.set(enabled, await stackOf({ backup: { pointInTime: { enabled, archiveTimeout: "2m" } } }));
  });
  const resources = (enabled: boolean) => stacks.get(enabled)?.resources ?? [];
  const container = (name: string, enabled = true) =>
    resources(enabled).find((one) => one.type === CONTAINER && one.name === name)?.inputs as
      RecordedContainer | undefined;
  const files = (name: string) => new Map(container(name)?.uploads?.map(({ file, content }) => [file, content]));

  it("has one volume more, which is data", () => {
    const names = (enabled: boolean) => resources(enabled).map(({ type, name }) => `${type} ${name}`);
    expect(names(true).filter((name) => !names(false).includes(name))).toEqual([
      "docker:index/volume:Volume postgres-17-wal",
    ]);
    const { volumes } = stacks.get(true)?.result.inventory ?? { volumes: [] };
    expect(volumes.find(({ name }) => name === "postgres-17-wal")).toMatchObject({ retention: "data", size: "1Gi" });
  });

  it("archives into it, from a server whose data is where it was", () => {
    const command = container("postgres")?.command ?? [];
    expect(command).toEqual(
      expect.arrayContaining(["archive_mode=on", "archive_timeout=120s", "hba_file=/etc/wal-archive/pg_hba.conf"]),
    );
    const script = /archive_command=sh (\S+) %p %f \/wal-archive/.exec(command.join("\n"))?.[1] ?? "";
    expect(files("postgres").get(script)).toContain("gzip");
    const [data, ...others] = container("postgres")?.volumes ?? [];
    expect(data).toEqual(container("postgres", false)?.volumes?.[0]);
    expect(others).toMatchObject([{ containerPath: "/wal-archive", readOnly: false }]);
  });

  it("lets one role replicate, with its password, and nobody else from another host", () => {
    const rules = (files("postgres").get("/etc/wal-archive/pg_hba.conf") ?? "").trim().split("\n");
    expect(rules.filter((rule) => rule.includes("replication"))).toEqual(["host replication backup all scram-sha-256"]);
    expect(rules.filter((rule) => rule.endsWith("trust")).map((rule) => rule.split(" ")[3])).toEqual([
      "trust",
      "127.0.0.1/32",
      "::1/128",
    ]);
  });

  it("uploads the log on its own schedule, beside backup and drill", () => {
    expect(files("backup").get("/opt/scheduler/runs.sh")).toContain('RUNS="backup drill wal"');
    expect(container("backup")?.envs).toContain("BACKUP_WAL_ARCHIVE=/wal-archive");
    expect(container("backup", false)?.envs?.join("\n")).not.toContain("BACKUP_WAL_ARCHIVE");
  });
});
