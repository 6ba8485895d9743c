import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { postgres } from "../postgres/settings.ts";
import { keySetProblem } from "./key-set.ts";
import type { postgrest } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ postgrest: typeof postgrest; postgres: typeof postgres }> & {
  readonly projectFiles: Readonly<Record<string, string>>;
};

/** Schemas that no API must show, and what is in them. */
function reserved(schema: string): string | undefined {
  if (schema === "public") return "the app's own tables are in public, and whoever may read one would see all of it";
  if (schema === "information_schema" || schema.startsWith("pg_")) return "PostgreSQL's own tables are in it";
  return undefined;
}

/** What it may show, and what it needs to check tokens and the server. */
export const postgrestRules: readonly Rule<Read>[] = [
  ({ postgrest: { enabled, schemas } }) =>
    enabled
      ? schemas.flatMap((schema, index) => {
          const why = reserved(schema);
          return why === undefined
            ? []
            : [
                problem(
                  `postgrest.schemas.${index}`,
                  JSON.stringify(schema),
                  `a schema of its own for the API: ${why}`,
                  'name one such as "api", with views and functions for what clients may have',
                ),
              ];
        })
      : undefined,
  ({ postgrest: { enabled, schemas } }) => {
    const twice = schemas.find((schema, index) => schemas.indexOf(schema) !== index);
    return enabled && twice !== undefined
      ? problem("postgrest.schemas", `${JSON.stringify(twice)} twice`, "each schema once", "remove one")
      : undefined;
  },
  ({ postgrest: { enabled, jwks }, projectFiles }) => {
    const text = enabled && jwks !== undefined ? projectFiles[jwks] : undefined;
    return text === undefined ? undefined : keySetProblem(text);
  },
  ({ postgrest: { enabled }, postgres: { mode, external } }) =>
    enabled && mode === "external" && external?.sslMode.startsWith("verify-") === true && external.ca === undefined
      ? problem(
          "postgres.external.ca",
          "nothing",
          `a certificate in PEM with sslMode ${external.sslMode} and postgrest.enabled: PostgREST's image has no public authorities`,
          "set it to the authority that signed the server's certificate",
        )
      : undefined,
];
