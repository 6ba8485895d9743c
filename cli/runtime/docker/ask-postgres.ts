import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { physicalName, type StackIdentity } from "../../../components/model/identity.ts";
import { postgres } from "../../../components/services/postgres/index.ts";
import { socketQuery } from "../psql.ts";
import { exec } from "./exec.ts";

/** Asks a database of the stack's own server; what the server says beside the answer is shown to nobody. */
export function askPostgres(docker: Docker, identity: StackIdentity, database: string, sql: string): Promise<string> {
  const server = physicalName(identity, postgres.name);
  return exec(docker, server, socketQuery(database, sql), { progress: new PassThrough().resume() });
}
