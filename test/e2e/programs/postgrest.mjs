/*
 * A stand-in for PostgREST 14, whose image could not be had: as much of it as shows that it is given what it needs.
 * It reads the same variables, logs in as the same role, becomes the role of a token, answers from the schema that it
 * has read, hears of changes on the same channel, and ends at once at a stop.
 */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import pg from "pg";

const setting = (name, otherwise) => {
  const value = process.env[`PGRST_${name}`] ?? otherwise;
  return value?.startsWith("@") ? readFileSync(value.slice(1), "utf8").trim() : value;
};
const ADMIN = Number(setting("ADMIN_SERVER_PORT"));
const SCHEMAS = setting("DB_SCHEMAS").split(",");
const KEY = setting("JWT_SECRET");
if (KEY.length < 32) throw new Error("The JWT secret must be at least 32 characters long.");

if (process.argv.includes("--ready")) {
  const ok = await fetch(`http://127.0.0.1:${ADMIN}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
  process.exit(ok ? 0 : 1);
}

const connectionString = setting("DB_URI");
const pool = new pg.Pool({ connectionString, max: Number(setting("DB_POOL")), connectionTimeoutMillis: 10_000 });
pool.on("error", (error) => console.error(error.message));

let tables;
let loads = 0;
async function readSchema() {
  // As PostgREST's own query does, this fails where a schema is not there.
  const { rows } = await pool.query(
    "SELECT relname FROM pg_class WHERE relnamespace = ANY ($1::regnamespace[]) AND relkind IN ('r', 'p', 'v')",
    [SCHEMAS],
  );
  tables = new Set(rows.map(({ relname }) => relname));
  loads += 1;
}

async function listen() {
  const listener = new pg.Client({ connectionString });
  listener.on("error", (error) => {
    console.error(error.message);
    setTimeout(start, 1000);
  });
  await listener.connect();
  await listener.query("LISTEN pgrst");
  listener.on("notification", ({ payload }) => {
    if (payload === "reload schema") readSchema().catch((error) => console.error(error.message));
  });
}

function start() {
  listen()
    .then(readSchema)
    .catch((error) => {
      console.error(error.message);
      setTimeout(start, 1000);
    });
}
start();

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function claimsOf({ authorization }) {
  if (authorization === undefined) {
    const role = setting("DB_ANON_ROLE");
    if (role === undefined) throw new Refused(401, "Anonymous access is disabled");
    return { role };
  }
  const [head, body, signature] = authorization.replace(/^Bearer /, "").split(".");
  if (createHmac("sha256", KEY).update(`${head}.${body}`).digest("base64url") !== signature)
    throw new Refused(401, "No suitable key or wrong key type");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  if (claims.exp < Date.now() / 1000) throw new Refused(401, "JWT expired");
  if (claims.aud !== undefined && setting("JWT_AUD") !== undefined && claims.aud !== setting("JWT_AUD"))
    throw new Refused(401, "JWT not in audience");
  return { ...claims, role: claims.role ?? setting("DB_ANON_ROLE") };
}

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

function statement(method, table, filters, body) {
  const from = `${quoted(SCHEMAS[0])}.${quoted(table)}`;
  const values = [];
  const place = (value) => `$${values.push(value)}`;
  const where = filters
    .map(([column, filter]) => `${quoted(column)}::text = ${place(filter.replace(/^eq\./, ""))}`)
    .join(" AND ");
  const only = where === "" ? "" : ` WHERE ${where}`;
  const columns = Object.keys(body);
  const sql = {
    GET: () => `SELECT * FROM ${from}${only} LIMIT ${Number(setting("DB_MAX_ROWS"))}`,
    POST: () =>
      `INSERT INTO ${from} (${columns.map(quoted).join(", ")}) VALUES (${columns.map((each) => place(body[each])).join(", ")}) RETURNING *`,
    PATCH: () =>
      `UPDATE ${from} SET ${columns.map((each) => `${quoted(each)} = ${place(body[each])}`).join(", ")}${only} RETURNING *`,
    DELETE: () => `DELETE FROM ${from}${only} RETURNING *`,
  }[method];
  if (sql === undefined) throw new Refused(405, "Unsupported HTTP method");
  return { text: sql(), values };
}

async function answer({ method, url, headers }, body) {
  const { pathname, searchParams } = new URL(url, "http://postgrest");
  if (tables === undefined) throw new Refused(503, "PGRST002: Could not query the database for the schema cache.");
  const claims = claimsOf(headers);
  if (pathname === "/") return { servers: [setting("OPENAPI_SERVER_PROXY_URI", "http://0.0.0.0:3000")] };
  const table = decodeURIComponent(pathname.slice(1));
  if (!tables.has(table)) throw new Refused(404, `PGRST205: Could not find the table ${table} in the schema cache`);
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
      claims.role,
      JSON.stringify(claims),
    ]);
    const { rows } = await client.query(statement(method, table, [...searchParams], body));
    await client.query("COMMIT");
    return rows;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error.code === "42501" ? new Refused(headers.authorization === undefined ? 401 : 403, error.message) : error;
  } finally {
    client.release();
  }
}

createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    answer(request, text === "" ? {} : JSON.parse(text)).then(
      (rows) => response.setHeader("content-type", "application/json").end(JSON.stringify(rows)),
      (error) => {
        if (error.status === undefined) console.error(error.message);
        response.writeHead(error.status ?? 500, { "content-type": "application/json" });
        response.end(JSON.stringify({ message: error.message }));
      },
    );
  });
}).listen(Number(setting("SERVER_PORT")), setting("SERVER_HOST"));

createServer(({ url }, response) => {
  if (url === "/metrics") return response.end(`pgrst_schema_cache_loads_total{status="SUCCESS"} ${loads}\n`);
  response.writeHead(url === "/live" || (url === "/ready" && tables !== undefined) ? 200 : 503).end();
}).listen(ADMIN, setting("SERVER_HOST"));

process.on("SIGTERM", () => process.exit(0));
