import { describe, expect, it } from "vitest";
import { serverConnections } from "../../components/services/postgres/connections.ts";
import { databaseRoles } from "../../components/stack/database-roles.ts";
import { inputsOf, settingsOf, stackOf } from "../support/record/stacks.ts";

function serverOf(values: Record<string, unknown>): number {
  const settings = settingsOf(values);
  return serverConnections(settings.postgres, databaseRoles(settings));
}

/** What each replica of the app on Kubernetes is told. */
async function poolOf(app: Record<string, unknown>): Promise<string | undefined> {
  const recording = await stackOf({ platform: "kubernetes", app });
  interface Deployment {
    spec: { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } };
  }
  const { spec } = inputsOf<Deployment>(recording, "kubernetes:apps/v1:Deployment", "apprun");
  return spec.template.spec.containers[0]?.env.find(({ name }) => name === "DB_MAX_CONNECTIONS")?.value;
}

const OWN = { repository: "example/own", tag: "1.0.0", uid: 1000, gid: 1000, probeTool: "wget" };

const MIGRATED = { migrate: { command: ["migrate"] } };
const TOO_FEW = { maxConnections: 200 };

function pooling(pooled: boolean, more: object = {}): object {
  return {
    reports: { image: OWN, port: 80, connectsTo: ["postgres"], database: { connections: 100, pooled }, ...more },
  };
}

describe("connections to PostgreSQL", () => {
  it("that the roles may hold are never more than the settings give the server", () => {
    expect(() => {
      serverOf({ postgres: { apiRoles: true, maxConnections: 200 } });
    }).toThrow(
      "apprun:postgres.maxConnections: got 200; allowed: 214 or more: apprun 100 (app.dbMaxConnections), kratos 16, temporal 60, backup 5, monitoring 10, authenticator 20, and 3 for administrators; " +
        "remove it, raise it, lower apprun:app.dbMaxConnections, or switch apprun:pgbouncer.enabled on",
    );
    expect(serverOf({ postgres: { apiRoles: true, maxConnections: 214 } })).toBe(214);
  });

  it("do not count for a service that is off, where a number is given, and still make room for it where none is", () => {
    const off = { app: { dbMaxConnections: 160 }, temporal: { enabled: false } };
    expect(serverOf({ ...off, postgres: { maxConnections: 194 } })).toBe(194);
    expect(() => serverOf({ ...off, postgres: { maxConnections: 193 } })).toThrow(
      "allowed: 194 or more: apprun 160 (app.dbMaxConnections), kratos 16, backup 5, monitoring 10, and 3 for administrators",
    );
    expect(serverOf(off)).toBe(serverOf({ ...off, temporal: { enabled: true } }));
  });

  it("name every setting behind the sum, and PgBouncer's once it is on", () => {
    const values = {
      app: { dbMaxConnections: 400, ...MIGRATED },
      postgrest: { enabled: true },
      services: { reports: { image: OWN, port: 80, connectsTo: ["postgres"], database: { connections: 40 } } },
    };
    const refused = (more: Record<string, unknown>) => () => serverOf({ ...values, ...more, postgres: TOO_FEW });
    expect(refused({})).toThrow(
      "allowed: 556 or more: apprun 400 (app.dbMaxConnections), kratos 16, temporal 60, reports 40 (services.reports.database.connections), backup 5, monitoring 10, authenticator 22 (postgrest.pool), and 3 for administrators; " +
        "remove it, raise it, lower apprun:app.dbMaxConnections or apprun:services.reports.database.connections or apprun:postgrest.pool, or switch apprun:pgbouncer.enabled on",
    );
    expect(refused({ pgbouncer: { enabled: true, pool: 30 } })).toThrow(
      "allowed: 221 or more: apprun 65 (pgbouncer.pool), kratos 16, temporal 60, reports 40 (services.reports.database.connections), backup 5, monitoring 10, authenticator 22 (postgrest.pool), and 3 for administrators; " +
        "remove it, raise it, lower apprun:pgbouncer.pool or apprun:services.reports.database.connections or apprun:postgrest.pool",
    );
  });

  it.each([
    ["the app", { app: { dbMaxConnections: 400, ...MIGRATED } }, "apprun 45"],
    ["never more than its clients hold", { app: { dbMaxConnections: 4, ...MIGRATED } }, "apprun 13"],
    ["more of them", { pgbouncer: { enabled: true, replicas: 2 } }, "apprun 65"],
    ["more past it", { pgbouncer: { enabled: true, direct: 20 } }, "apprun 60"],
    ["a service that does not ask for it", { services: pooling(false) }, "reports 100"],
    ["a service that does", { services: pooling(true) }, "reports 45"],
    ["a service that does and is off", { services: pooling(true, { enabled: false }) }, "reports 100"],
  ])("with PgBouncer are those of its pools, of a replica more, and some past it: %s", (_, values, counted) => {
    const settings = settingsOf({ pgbouncer: { enabled: true }, app: MIGRATED, ...values });
    const counts = databaseRoles(settings).map(({ role, connectionLimit }) => `${role} ${connectionLimit}`);
    expect(counts).toContain(counted);
    // Nobody else pools.
    for (const role of ["kratos 16", "temporal 60", "backup 5", "monitoring 10"]) expect(counts).toContain(role);
  });

  const services = (count: number, connections: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `own-${String.fromCharCode(97 + index)}`,
        { image: OWN, port: 80, connectsTo: ["postgres"], database: { connections } },
      ]),
    );

  it.each([
    ["as before without own services", {}, 200],
    ["as before with fewer roles", { temporal: { enabled: false } }, 200],
    ["a step more with the roles of a data API", { postgres: { apiRoles: true } }, 300],
    ["a step more with the first that does not fit", { services: services(2, 5) }, 300],
    ["the same with ten more", { services: services(12, 5) }, 300],
    ["as many steps as they ask for", { services: services(2, 150) }, 500],
  ])("without a number in the settings: %s", (_, values, connections) => {
    expect(serverOf(values)).toBe(connections);
  });

  it.each([
    [{}, "100"],
    [{ replicas: 3 }, "33"],
    [{ replicas: 3, autoscaling: { maxReplicas: 6 } }, "16"],
  ])("are shared by the app's replicas: with %j each may hold %s", async (app, share) => {
    expect(await poolOf(app)).toBe(share);
  });
});
