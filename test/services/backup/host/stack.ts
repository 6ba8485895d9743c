import { mkdirSync, writeFileSync } from "node:fs";
import { limits, ScriptHost } from "./scripts.ts";
import type { Server } from "./server.ts";
import type { Tools } from "./tools.ts";

/** A stack with the database `app`, the volumes `files` and `logs` and two repositories. */
export function stackOf(tools: Tools, server: Server): ScriptHost {
  const host = new ScriptHost(tools, {
    ...server.env,
    BACKUP_DATABASES: "app",
    BACKUP_TREES: "files logs",
    ...limits("REMOTE"),
  });
  host.env["BACKUP_REMOTE"] = host.at("remote");
  for (const secret of ["database-password", "admin-password"]) host.write(`secrets/${secret}`, "unused\n");
  for (const tree of ["files", "logs"]) mkdirSync(host.at(`sources/${tree}`));
  writeFileSync(host.at("sources/logs/log"), "line\n");
  return host;
}

/** A new database `app` with what these statements make. */
export function makeDatabase(server: Server, statements: string, options = ""): void {
  server.sql("postgres", "DROP DATABASE IF EXISTS app WITH (FORCE)");
  server.sql("postgres", `CREATE DATABASE app ${options}`);
  server.sql("app", statements);
}

/** restic's ids of the sets of a repository and whether they are complete or partial, oldest first. */
export function setsOf(host: ScriptHost, repository: "local" | "remote"): readonly { id: string; tags: string }[] {
  const [list = ""] = host.run("sets.sh", repository).stdout.split("\n");
  const sets = JSON.parse(list) as { id: string; tags: string[] }[];
  return sets.map(({ id, tags }) => ({ id, tags: tags.filter((tag) => /^(complete|partial)$/.test(tag)).join() }));
}
