import { APP_DATABASE } from "../../components/services/app/index.ts";
import { postgres } from "../../components/services/postgres/index.ts";
import { databaseName } from "../../components/services/postgres/names.ts";
import { SUPERUSER } from "../../components/services/postgres/postgres.ts";
import { REPLICA } from "../../components/services/postgres/replica/names.ts";
import { databaseRoles } from "../../components/stack/database-roles.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { CommonOptions, Project } from "../kit/project.ts";
import { named } from "../kit/services.ts";
import { ownerOf, psqlCommand } from "../runtime/psql.ts";
import { isInteractive, runIn } from "./exec.ts";
import { ownOperationsOf, runningReplica, SYSTEM, type OperateSystem } from "./operate.ts";

export interface PsqlOptions extends CommonOptions {
  readonly role?: string;
  readonly write?: boolean;
  /** Asks the server that follows the primary. */
  readonly replica?: boolean;
}

/** The database that is always there and belongs to the superuser. */
const MAINTENANCE = "postgres";

/**
 * Opens psql on a database, as the role that owns it unless another is named.
 * Nothing is written by accident: transactions only read unless `--write` says
 * otherwise.
 * @throws Ended with psql's exit code
 */
export async function psql(
  first: string | undefined,
  rest: readonly string[],
  options: PsqlOptions,
  system: OperateSystem = SYSTEM,
): Promise<void> {
  // Nothing tells an argument of psql from a database where the database was left out.
  const isDatabase = first?.startsWith("-") !== true;
  const args = isDatabase ? rest : [first, ...rest];
  const project = await system.loadProject(options);
  const { settings, recording } = project;
  const appDatabase = databaseName(settings.postgres, APP_DATABASE.name);
  const database = isDatabase ? (first ?? appDatabase) : appDatabase;
  const roles = databaseRoles(settings);
  const databases = [...roles.flatMap(({ databases: own }) => own), MAINTENANCE].map((name) => ({ name }));
  const logins = [...roles.filter(({ login = true }) => login).map(({ role }) => role), SUPERUSER].map((name) => ({
    name,
  }));
  named("database", database, databases);
  if (options.role !== undefined) named("--role", options.role, logins);
  const { mode } = settings.postgres;
  refuseRoleElsewhere(project, options.role);
  refuseNoReplica(project, options);
  const own = options.replica === true ? REPLICA : postgres.name;
  const server = named("service", mode === "external" ? "backup" : own, recording.result.inventory.workloads);
  const command = psqlCommand({
    mode,
    database,
    role: options.role ?? ownerOf(roles, database) ?? SUPERUSER,
    superuser: SUPERUSER,
    write: options.write === true,
    interactive: isInteractive(),
    args,
  });
  const operations = await ownOperationsOf(project, system);
  await runIn(operations, await runningReplica(operations, server), command);
}

function refuseNoReplica({ settings, stack }: Project, { replica = false, write = false }: PsqlOptions): void {
  if (!replica || (settings.postgres.replica.enabled && !write)) return;
  throw new CliError(
    {
      got: write ? "--replica: got it with --write" : `--replica: got stack ${stack} without a replica`,
      allowed: "a stack with apprun:postgres.replica.enabled, to read",
      fix: "leave it out",
    },
    EXIT.usage,
  );
}

/** On a server that others run there is one login that a running container of the stack has for all databases: the backup's. */
function refuseRoleElsewhere({ settings, stack }: Project, role: string | undefined): void {
  const { postgres: server, platform, backup } = settings;
  if (server.mode !== "external") return;
  if (role !== undefined)
    throw new CliError(
      {
        got: `--role: got "${role}" with postgres.mode external`,
        allowed: "the server's administrator",
        fix: "leave it out",
      },
      EXIT.usage,
    );
  if (platform === "docker" && backup.enabled) return;
  throw new CliError(
    {
      got: `psql: got stack ${stack} with postgres.mode external`,
      allowed: "an external server of a stack on a Docker host with backup.enabled, whose container reaches it",
      fix: "connect with psql of your own; see the login with: npm run credentials -- app-database",
    },
    EXIT.usage,
  );
}
