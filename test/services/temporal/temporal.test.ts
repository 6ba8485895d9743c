import { expect, it } from "vitest";
import { parse } from "yaml";
import { temporalConfiguration } from "../../../components/services/temporal/config.ts";
import { database, valueOf } from "../../support/record/databases.ts";

it("Temporal listens on every network it is in and knows both databases", async () => {
  const visibility = { ...database, name: "temporal_visibility" };
  const config = parse(await valueOf(temporalConfiguration({ store: database, visibility, historyShards: 4 }))) as {
    services: Record<string, { rpc: { bindOnIP: string } }>;
    persistence: object;
  };
  expect(Object.values(config.services).map(({ rpc }) => rpc.bindOnIP)).toEqual([
    "0.0.0.0",
    "0.0.0.0",
    "0.0.0.0",
    "0.0.0.0",
  ]);
  expect(config.persistence).toMatchObject({
    numHistoryShards: 4,
    datastores: {
      default: { sql: { databaseName: "kratos", connectAddr: "postgres:5432", password: "pw" } },
      visibility: { sql: { databaseName: "temporal_visibility" } },
    },
  });
});
