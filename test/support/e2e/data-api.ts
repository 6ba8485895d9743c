import { expect } from "vitest";
import { get } from "./e2e.ts";
import { token } from "./realtime.ts";

/** What a migration of the app does: a table whose rows are their owners' own. */
export const MIGRATION = `
  CREATE TABLE api.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, what text NOT NULL);
  ALTER TABLE api.orders ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON api.orders TO authenticated
    USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub')
    WITH CHECK (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
  GRANT SELECT, INSERT, UPDATE, DELETE ON api.orders TO authenticated;`;

type Headers = Record<string, string>;
/** Asks the data API. */
export type Ask = (
  path: string,
  headers?: Headers,
  method?: string,
  content?: object,
) => Promise<{ readonly status: number; readonly rows: unknown }>;
/** The header of somebody who is logged in. */
export type Bearer = (sub: string, claims?: object) => Headers;

export const bearerOf = (key: string, sub: string, claims: object = {}): Headers => ({
  Authorization: `Bearer ${token(key, { sub, role: "authenticated", ...claims })}`,
});

/** Asks the host name of a stack at a port of an address. */
export function askAt({ port, host, address }: { port: number; host: string; address?: string }): Ask {
  return async (path, headers = {}, method = "GET", content) => {
    const body = content === undefined ? {} : { body: JSON.stringify(content) };
    const answer = await get(port, host, path, { method, headers, ...body, ...(address !== undefined && { address }) });
    return { status: answer.status, rows: JSON.parse(answer.body === "" ? "[]" : answer.body) as unknown };
  };
}

/** Ada and Grace make, read, change and remove rows, each her own; Grace's is left. */
export async function expectOwnRows(
  ask: Ask,
  bearer: Bearer,
  sql: (statement: string) => Promise<string>,
): Promise<void> {
  expect(await ask("/data/orders", bearer("ada"), "POST", { owner: "ada", what: "a loom" })).toMatchObject({
    status: 200,
    rows: [{ owner: "ada", what: "a loom" }],
  });
  await ask("/data/orders", bearer("grace"), "POST", { owner: "grace", what: "a moth" });
  expect(await ask("/data/orders", bearer("ada"))).toMatchObject({ rows: [{ what: "a loom" }] });
  expect(await ask("/data/orders?owner=eq.grace", bearer("ada"))).toMatchObject({ status: 200, rows: [] });
  expect((await ask("/data/orders", bearer("ada"), "POST", { owner: "grace", what: "x" })).status).toBe(403);
  expect((await ask("/data/orders?owner=eq.grace", bearer("ada"), "PATCH", { what: "x" })).rows).toEqual([]);
  expect(await ask("/data/orders", bearer("ada"), "PATCH", { what: "two looms" })).toMatchObject({
    rows: [{ what: "two looms" }],
  });
  await ask("/data/orders", bearer("ada"), "DELETE");
  expect(await sql("SELECT what FROM api.orders")).toBe("a moth");
}

/** No token, another key, and roles that nobody may become. */
export async function expectRefusals(ask: Ask, bearer: Bearer): Promise<void> {
  expect((await ask("/data/orders")).status).toBe(401);
  const other = bearerOf("x".repeat(32), "eve");
  expect((await ask("/data/orders", other)).status).toBe(401);
  for (const role of ["apprun", "postgres", "kratos", "anon"])
    expect((await ask("/data/orders", bearer("eve", { role }))).status, role).toBe(403);
}
