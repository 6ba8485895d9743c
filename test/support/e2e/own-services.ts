import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { get, type TestProject } from "./e2e.ts";

const NODE = { repository: "library/node", tag: "22-alpine", uid: 1000, gid: 1000, probeTool: "wget" };
/** Has psql, and a directory that any user may write. */
const TOOLS = { repository: "library/postgres", tag: "17-alpine", uid: 70, gid: 70 };
export const FILES = "/var/tmp";

/** Answers with what it is told, and with what the app answers. */
const PAGE = `require("http").createServer(async (_, answer) => {
  const app = await fetch(process.env.API_URL + "/health").then(({ status }) => status, String);
  answer.end(JSON.stringify({ text: process.env.TEXT, note: require("fs").readFileSync("/srv/web/note.txt", "utf8"), login: process.env.LOGIN_URL, app }));
}).listen(3000);`;
/** Writes a row and a file each second. */
export const MIGRATE = `psql "$DATABASE_URL" -qc 'create table if not exists ticks (at timestamptz default now())'`;
const WORK = `set -e
while :; do
  psql "$DATABASE_URL" -qc 'insert into ticks default values'
  date >${FILES}/last
  sleep 1
done`;
const TIDY = `PGPASSWORD=$(cat "$DB_PASSWORD_FILE") psql -h "$DB_HOST" -U "$DB_USER" -d "$DB_NAME" -qc 'create table if not exists tidied (at timestamptz default now())' -c 'insert into tidied default values'`;

export const SERVICES = {
  web: {
    preset: "frontend",
    image: NODE,
    command: ["node", "-e", PAGE],
    probe: { path: "/" },
    route: { subdomain: "www" },
    connectsTo: ["apprun"],
    variables: { API_URL: "{app.internalUrl}", LOGIN_URL: "{login.publicUrl}" },
    env: { TEXT: "first" },
    files: { "/srv/web/note.txt": "deploy/note.txt" },
    replicas: 2,
  },
  ticker: {
    image: TOOLS,
    command: ["sh", "-c", WORK],
    migrate: { command: ["sh", "-c", MIGRATE] },
    probe: { command: ["test", "-s", `${FILES}/last`] },
    connectsTo: ["postgres"],
    variables: { DATABASE_URL: "{database.url}" },
    volumes: { files: { path: FILES, size: "64Mi" } },
    stopGrace: "5s",
  },
  tidy: {
    preset: "cron",
    image: TOOLS,
    schedule: "* * * * *",
    command: ["sh", "-c", TIDY],
    connectsTo: ["postgres"],
    database: { of: "app" },
    variablesPreset: "apprun",
    secretsAs: "file",
  },
};

/** Gives the ticker a variable with a secret of the stack. */
export const KEY = { STRIPE_KEY: { secret: "stripe" } };
export const WITH_SECRET = { ...SERVICES, ticker: { ...SERVICES.ticker, env: KEY } };

/** Writes the file of the project that the page shows. */
export function writeNote({ directory }: TestProject, text: string): void {
  mkdirSync(join(directory, "deploy"), { recursive: true });
  writeFileSync(join(directory, "deploy/note.txt"), text);
}

/** What the page answers with. */
export async function askPage(
  port: number,
  stack: string,
  address?: string,
): Promise<{ text: string; note: string; login: string; app: number }> {
  const { body } = await get(port, `www.${stack}.localhost`, "/", address === undefined ? {} : { address });
  return JSON.parse(body) as Awaited<ReturnType<typeof askPage>>;
}
