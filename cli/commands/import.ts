import { databaseName } from "../../components/services/postgres/names.ts";
import { openDump } from "../backup/dump/dump-file.ts";
import { importable } from "../backup/dump/importable.ts";
import { sendDump } from "../backup/dump/send-dump.ts";
import { refuseInterruptedRestore } from "../backup/interrupted.ts";
import { resultOf } from "../backup/open.ts";
import { onlyDatabase } from "../backup/parts.ts";
import { replaceData } from "../backup/replace-data.ts";
import { confirmStack } from "../kit/ask.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { note, print, printJson, secondsSince } from "../kit/output.ts";
import type { CommonOptions, Project } from "../kit/project.ts";
import { withLock } from "../runtime/lock/stack-lock.ts";
import { administratorPassword, requireHealth, SYSTEM, type RestoreSystem } from "./restore-system.ts";

export interface ImportOptions extends CommonOptions {
  /** The stack's name for the database. */
  readonly database: string;
  /** Also takes the place of tables that are there. */
  readonly replace?: boolean;
  readonly confirm?: string;
}

/** What import.sh says of the database that it loaded. */
interface Loaded {
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly checksum: string }>>;
  /** Tables whose rows the file does not let anybody count. */
  readonly notCounted: readonly string[];
}

/** Names of tables that a message shows. */
const SHOWN = 5;

/** Puts another system's dump in place of one database: loaded and compared beside the data that is there, then swapped as a restore does. */
export async function importDump(file: string, options: ImportOptions, system: RestoreSystem = SYSTEM): Promise<void> {
  const project = await system.loadProject(options);
  const database = databaseOf(project, options.database);
  const dump = await openDump(file);
  const host = await system.openBackupHost(project);
  const lock = (await system.createRuntime(project)).lock(project);
  await withLock([lock], { stack: options.stack, command: "import" }, async () => {
    await refuseInterruptedRestore(project, host);
    const start = performance.now();
    refuseTables(options, (await host.run("tables.sh", [database])).split("\n").filter(Boolean));
    await confirmStack(
      "--confirm",
      options.stack,
      `This puts ${dump.name} in place of the database ${options.database} that stack ${options.stack} has now.`,
      options.confirm,
    );
    const { set } = resultOf(await host.run("backup.sh")) as { readonly set: string };
    note(`set ${set} has the data as it was`);
    const restorer = await host.openRestore({
      administratorPassword: await administratorPassword({ project, system }),
      parts: onlyDatabase(database),
    });
    try {
      await restorer.step("receive");
      await sendDump(restorer, dump);
      const loaded = resultOf(await restorer.step("load")) as Loaded;
      const downtimeSeconds = await replaceData(
        { where: project, host, restorer, requireHealth: (fix) => requireHealth(system, project, fix) },
        dump.name,
      );
      show(options, { file: dump.name, set, ...loaded, seconds: secondsSince(start), downtimeSeconds });
    } finally {
      await restorer.close();
    }
  });
}

/** @throws CliError for a database that a dump of another system cannot be of */
function databaseOf({ settings }: Pick<Project, "settings">, name: string): string {
  const known = importable(settings);
  if (known.includes(name)) return databaseName(settings.postgres, name);
  throw new CliError(
    {
      got: `--database: got "${name}"`,
      allowed: `${known.join(", ")}: databases of the app and of your services`,
      fix: "name one of them; nothing was changed",
    },
    EXIT.usage,
  );
}

/** @throws CliError where tables would be lost that nobody said may be */
function refuseTables({ database, replace = false }: ImportOptions, tables: readonly string[]): void {
  if (tables.length === 0 || replace) return;
  const more = tables.length > SHOWN ? ` and ${tables.length - SHOWN} more` : "";
  throw new CliError(
    {
      got: `database ${database}: got one with tables (${tables.slice(0, SHOWN).join(", ")}${more})`,
      allowed: "an empty one, or --replace, which drops what is there once the new data is healthy",
      fix: "nothing was changed; where the app only made its tables there, add --replace",
    },
    EXIT.usage,
  );
}

interface Result extends Loaded {
  readonly file: string;
  /** The backup from before. */
  readonly set: string;
  readonly seconds: number;
  readonly downtimeSeconds: number;
}

function show({ database, json = false }: ImportOptions, result: Result): void {
  if (json) {
    printJson({ database, ...result });
    return;
  }
  const { file, tables, notCounted, seconds, downtimeSeconds } = result;
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  print(
    `${file}: ${Object.keys(tables).length} tables with ${rows} rows are in database ${database} after ${seconds} s; the stack was down for ${downtimeSeconds} s of them`,
  );
  if (notCounted.length > 0)
    print(`loaded without an error, but not counted in the file, which has INSERT there: ${notCounted.join(", ")}`);
}
