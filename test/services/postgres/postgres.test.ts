import { describe, expect, it } from "vitest";
import { dataPath, majorVersion } from "../../../components/model/postgres-version.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import { databaseAccess, databaseUrl } from "../../../components/services/postgres/database.ts";
import { tuning } from "../../../components/services/postgres/tuning.ts";
import { database, valueOf } from "../../support/record/databases.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

const ORDER = "POSTGRES_INITDB_ARGS=--locale-provider=builtin --builtin-locale=C.UTF-8";

describe("PostgreSQL", () => {
  it.each([
    ["15", "/var/lib/postgresql/data"],
    ["17", "/var/lib/postgresql/data"],
    ["18", "/var/lib/postgresql"],
  ])("%s keeps its data in %s", (major, path) => {
    expect(dataPath(major)).toBe(path);
  });

  it("of a major version without a known data path is refused", () => {
    expect(() => dataPath("12")).toThrow(
      'image "postgres": got major version "12"; allowed: 15, 16, 17, 18; set images.pins.postgres.tag to one of them',
    );
    expect(["17-alpine", "17.9", "18"].map((tag) => majorVersion({ tag }))).toEqual(["17", "17", "18"]);
  });

  it.each([
    ["15-alpine", []],
    ["16", []],
    ["17-alpine", [ORDER]],
    ["18", [ORDER]],
  ])("%s makes databases that sort without the C library from 17 on", async (tag, expected) => {
    const stack = await stackOf({
      images: { pins: { postgres: { tag } } },
      temporal: { enabled: false },
      prometheus: { enabled: false },
    });
    const { envs } = inputsOf<{ envs: string[] }>(stack, "docker:index/container:Container", "postgres");
    expect(envs.filter((line) => line.startsWith("POSTGRES_INITDB_ARGS"))).toEqual(expected);
  });

  it.each([
    [CATALOGUE.postgresExporter.tag, "--no-collector.settings"],
    ["v0.18.1", "--disable-settings-metrics"],
    ["v0.19.1", "--disable-settings-metrics"],
    ["v0.20.0", "--no-collector.settings"],
    ["v0.3", "--disable-settings-metrics"],
    ["v1.0.0", "--no-collector.settings"],
    ["master", "--no-collector.settings"],
  ])("has an exporter that in %s takes %s", async (tag, argument) => {
    const stack = await stackOf({ images: { pins: { postgresExporter: { tag } } } });
    const { command } = inputsOf<{ command: string[] }>(stack, "docker:index/container:Container", "postgres-exporter");
    expect(command.filter((each) => each.includes("settings"))).toEqual([argument]);
  });

  it("is tuned as the seed for 2 GiB, and in proportion for less", () => {
    expect(tuning("2Gi", 200)).toEqual({
      shared_buffers: "512MB",
      effective_cache_size: "2048MB",
      maintenance_work_mem: "128MB",
      max_connections: "200",
      password_encryption: "scram-sha-256",
    });
    expect(tuning("256Mi", 50)).toMatchObject({
      shared_buffers: "64MB",
      effective_cache_size: "256MB",
      maintenance_work_mem: "16MB",
    });
  });

  it("is reached inside by its endpoint, and outside by a way out", () => {
    expect(databaseAccess(database)).toEqual({ connectsTo: [database.server.endpoint], egress: false });
    expect(databaseAccess({ server: { host: "db.example.com", port: 5432, sslMode: "require" } })).toEqual({
      connectsTo: [],
      egress: true,
    });
  });

  it("has a URL for its consumers", async () => {
    expect(await valueOf(databaseUrl(database))).toBe("postgres://kratos:pw@postgres:5432/kratos?sslmode=disable");
  });
});
