import { describe, expect, it } from "vitest";
import { refuseTooFewConnections } from "../../components/services/postgres/connections.ts";
import { databaseRoles } from "../../components/stack/database-roles.ts";
import { inputsOf, settingsOf, stackOf } from "../support/record/stacks.ts";

function refuse(values: Record<string, unknown>): void {
  const settings = settingsOf(values);
  refuseTooFewConnections(settings.postgres, databaseRoles(settings));
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

describe("connections to PostgreSQL", () => {
  it("that the roles may hold are never more than the server takes", () => {
    expect(() => {
      refuse({ postgres: { apiRoles: true } });
    }).toThrow(
      "apprun:postgres.maxConnections: got 200; allowed: 214 or more: apprun 100, kratos 16, temporal 60, backup 5, monitoring 10, authenticator 20, and 3 for administrators; " +
        "raise it, or lower apprun:app.dbMaxConnections",
    );
    refuse({});
    refuse({ postgres: { apiRoles: true, maxConnections: 214 } });
  });

  it.each([
    [{}, "100"],
    [{ replicas: 3 }, "33"],
    [{ replicas: 3, autoscaling: { maxReplicas: 6 } }, "16"],
  ])("are shared by the app's replicas: with %j each may hold %s", async (app, share) => {
    expect(await poolOf(app)).toBe(share);
  });
});
