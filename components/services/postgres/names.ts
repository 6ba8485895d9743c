import type { z } from "zod";
import type { DatabaseRequest } from "./roles.ts";
import type { postgres } from "./settings.ts";

type Named = Pick<z.output<typeof postgres>, "external">;

/** What the server calls a database that the stack knows by another name. */
export function databaseName({ external }: Named, name: string): string {
  return external?.databases[name] ?? name;
}

/** What the server calls a role that the stack knows by another name. */
export function roleNamed({ external }: Named, name: string): string {
  return external?.roles[name] ?? name;
}

/** The requests with the names that the server has for roles and databases; what the stack calls them stays beside it. */
export function withNames(requests: readonly DatabaseRequest[], given: Named): readonly DatabaseRequest[] {
  const role = (name: string) => roleNamed(given, name);
  const database = (name: string) => databaseName(given, name);
  return requests.map((request) => {
    const { databases, memberOf, actsAs, reads, uses } = request;
    return {
      ...request,
      role: role(request.role),
      databases: databases.map(database),
      known: { role: request.role, databases },
      ...(memberOf && { memberOf: memberOf.map(role) }),
      ...(actsAs !== undefined && { actsAs: role(actsAs) }),
      ...(reads && { reads: reads.map(database) }),
      ...(uses && { uses: uses.map(database) }),
    };
  });
}
