import { beforeAll, describe, expect, it } from "vitest";
import type { RecordedContainer } from "../../../../components/platform/docker/container-args.ts";
import { stackOf } from "../../../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";

describe("a stack with a replica of PostgreSQL", () => {
  const stacks = new Map<boolean, Awaited<ReturnType<typeof stackOf>>>();
  beforeAll(async () => {
    for (const enabled of [false, true]) stacks.set(enabled, await stackOf({ postgres: { replica: { enabled } } }));
  });
  const resources = (enabled: boolean) => stacks.get(enabled)?.resources ?? [];
  const container = (name: string, enabled = true) =>
    resources(enabled).find((one) => one.type === CONTAINER && one.name === name)?.inputs as
      RecordedContainer | undefined;
  const upload = (name: string, path: string) =>
    container(name)?.uploads?.find(({ file }) => file === path)?.content ?? "";

  it("has a container, a password and a volume more; what is off has none of it", () => {
    const names = (enabled: boolean) => resources(enabled).map(({ type, name }) => `${type} ${name}`);
    expect(
      names(true)
        .filter((name) => !names(false).includes(name))
        .sort(),
    ).toEqual([
      "apprun:service:PostgresReplica postgres-replica",
      `${CONTAINER} postgres-replica`,
      `${CONTAINER} postgres-replica-slot`,
      "docker:index/volume:Volume postgres-17-replica",
      "random:index/randomPassword:RandomPassword postgres-provision-replicator",
    ]);
    expect(JSON.stringify(container("postgres", false))).not.toContain("replica");
    const { volumes } = stacks.get(true)?.result.inventory ?? { volumes: [] };
    expect(volumes.find(({ name }) => name === "postgres-17-replica")).toMatchObject({
      retention: "data",
      size: "5Gi",
    });
  });

  it("has a server like the primary, with data of its own, in the data zone and on no port of the host", () => {
    const [primary, replica] = [container("postgres"), container("postgres-replica")];
    for (const key of ["image", "memory", "cpus", "capabilities", "securityOpts", "stopTimeout"] as const)
      expect(replica?.[key], key).toEqual(primary?.[key]);
    expect(primary?.command?.slice(0, replica?.command?.length)).toEqual(replica?.command);
    expect(replica?.volumes).toMatchObject([{ volumeName: "apprun-dev-postgres-17-replica" }]);
    expect(replica?.networksAdvanced).toMatchObject([{ name: "apprun-dev-data", aliases: ["postgres-replica"] }]);
    expect(replica?.ports).toEqual([]);
  });

  it("lets one role replicate from the stack's networks, and bounds the log that is kept for it", () => {
    const rules = upload("postgres", "/etc/wal-archive/pg_hba.conf").trim().split("\n");
    expect(rules.filter((rule) => rule.includes("replication"))).toEqual([
      "host replication replicator samenet scram-sha-256",
    ]);
    expect(upload("postgres-replica-slot", "/etc/apprun/job.sql")).toContain("max_slot_wal_keep_size = '1024MB'");
    const sql = upload("postgres-provision", "/etc/apprun/job.sql");
    expect(sql).toContain('ALTER ROLE "replicator" NOSUPERUSER REPLICATION NOBYPASSRLS');
    expect(sql).not.toContain('TO "replicator"');
  });

  it("tells the app where to read, and gives it the way there", () => {
    expect(container("apprun")?.envs).toContain("DB_REPLICA_HOST=postgres-replica");
    expect(upload("apprun", "/run/secrets/database-replica-url")).toMatch(/@postgres-replica:5432\/apprun\?/);
    const { workloads } = stacks.get(true)?.result.inventory ?? { workloads: [] };
    const app = workloads.find(({ name }) => name === "apprun");
    expect(app?.connectsTo).toContain("postgres-replica");
    expect(app?.startsAfter.map(({ name }) => name)).not.toContain("postgres-replica");
  });
});
