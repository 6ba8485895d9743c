import { isDeepStrictEqual } from "node:util";
import {
  identitiesIn,
  listIdentities,
  listSchemas,
  schemasIn,
  wantedSchemas,
} from "../../components/services/kratos/identities.ts";
import { misfitsOf } from "../../components/services/kratos/identity-fit.ts";
import { kratos as login } from "../../components/services/kratos/index.ts";
import { CliError, reasonOf } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { textSink } from "./lines.ts";
import type { Operations, Replica } from "./operations.ts";

/** Identities that are looked at, at most: a page of 500 takes about a second. */
const LOOKED_AT = 20_000;

/** Identities that do not fit the schema that they were made with. */
interface Unfit {
  /** How many, by each place in the schema. */
  readonly places: Map<string, number>;
  count: number;
}

/**
 * Says which identities do not fit a schema that this update changes, before it changes anything. Kratos holds an
 * identity to its schema when it changes, not when it logs in with a password: so this warns. A schema that is gone is
 * another matter, because Kratos cannot show a session without it.
 * @throws CliError where identities have a schema that the settings no longer have
 */
export async function sayUnfitIdentities(project: Project, operations: Operations): Promise<void> {
  const { kratos, projectFiles } = project.settings;
  const workload = project.recording.result.inventory.workloads.find(({ name }) => name === login.name);
  if (workload === undefined) return;
  const wanted = wantedSchemas(kratos, projectFiles);
  try {
    const replica = (await operations.replicas(workload)).find(({ running }) => running);
    if (replica === undefined) return;
    const known = schemasIn(await printed(operations, replica, listSchemas));
    const changed = [...known.keys()].filter((id) => !isDeepStrictEqual(known.get(id), wanted.get(id)));
    if (changed.length > 0)
      await look(project, (token) => printed(operations, replica, listIdentities(token)), changed, wanted);
  } catch (error) {
    if (error instanceof CliError) throw error;
    note(`not checked: whether identities fit their schemas (${reasonOf(error)})`);
  }
}

async function look(
  { stack, settings }: Project,
  page: (token: string) => Promise<string>,
  changed: readonly string[],
  wanted: ReadonlyMap<string, object>,
): Promise<void> {
  const misfits = new Map(
    changed.flatMap((id) => {
      const schema = wanted.get(id);
      return schema === undefined ? [] : [[id, misfitsOf(schema)] as const];
    }),
  );
  const unfit = new Map(changed.map((id): [string, Unfit] => [id, { places: new Map(), count: 0 }]));
  let [token, seen] = ["", 0];
  do {
    const { identities, next_page_token: next = "" } = identitiesIn(await page(token));
    for (const { schema_id: id, traits } of identities ?? []) {
      const found = unfit.get(id);
      const places = misfits.get(id)?.(traits) ?? (found === undefined ? [] : ["gone"]);
      if (found === undefined || places.length === 0) continue;
      found.count += 1;
      for (const place of places) found.places.set(place, (found.places.get(place) ?? 0) + 1);
    }
    seen += identities?.length ?? 0;
    token = next;
  } while (token !== "" && seen < LOOKED_AT);
  if (token !== "") note(`not checked: more than the first ${seen} identities`);
  const gone = [...unfit].filter(([id, { count }]) => count > 0 && !wanted.has(id));
  if (gone.length > 0)
    throw new CliError({
      heading: `stack ${stack}: identities have a schema that the settings no longer have, and could not log in; nothing was changed`,
      problems: gone.map(([id, { count }]) => ({
        got: `kratos.identitySchemas: got no ${id}, which ${people(count)} ${count === 1 ? "has" : "have"}`,
        allowed: "every schema that identities have",
        fix: "keep it there; defaultSchema names the one of those who register from now on",
      })),
    });
  for (const [id, { places, count }] of unfit)
    if (count > 0)
      note(
        [
          `warning: ${people(count)} would not fit the changed schema ${id}: Kratos refuses the next change of each${settings.kratos.methods.lookupSecrets ? ", and a log-in with a lookup secret, which is one" : ""}`,
          ...[...places].sort().map(([place, number]) => `  ${place}: ${number}`),
        ].join("\n"),
      );
}

function people(count: number): string {
  return count === 1 ? "1 identity" : `${count} identities`;
}

async function printed(operations: Operations, replica: Replica, command: readonly string[]): Promise<string> {
  let [stdout, stderr] = ["", ""];
  const code = await operations.exec(replica, {
    command,
    tty: false,
    stdout: textSink((text) => (stdout += text)),
    stderr: textSink((text) => (stderr += text)),
  });
  if (code === 0) return stdout;
  throw new Error(`${command[0] ?? ""} ended with ${code}: ${stderr.trim().split("\n").at(-1) ?? ""}`);
}
