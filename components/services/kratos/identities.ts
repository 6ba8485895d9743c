import { z } from "zod";
import { KRATOS_ADMIN_PORT, KRATOS_PUBLIC_PORT } from "./index.ts";
import { loginFiles, schemaNames, schemaPath } from "./files.ts";
import type { KratosSettings } from "./settings.ts";

/** An identity, as far as its schema goes. */
const IDENTITY = z.object({ schema_id: z.string(), traits: z.unknown() });
const PAGE = z.object({ identities: z.array(IDENTITY).nullable(), next_page_token: z.string().optional() });
const SCHEMAS = z.array(z.object({ id: z.string(), schema: z.unknown() }));

export type IdentityPage = z.infer<typeof PAGE>;

/** Identities that are read at once. */
const PAGE_SIZE = "500";

/** Asks the server in its own container, where its administration answers without a password. */
export const listSchemas: readonly string[] = [
  "wget",
  "-q",
  "-O",
  "-",
  `http://127.0.0.1:${KRATOS_PUBLIC_PORT}/schemas?page_size=${PAGE_SIZE}`,
];

export function listIdentities(token: string): readonly string[] {
  const page = ["--page-size", PAGE_SIZE, ...(token === "" ? [] : ["--page-token", token])];
  return [
    "kratos",
    "list",
    "identities",
    "--endpoint",
    `http://127.0.0.1:${KRATOS_ADMIN_PORT}`,
    "--format",
    "json",
    ...page,
  ];
}

/** The schemas that a server works with, by name. */
export function schemasIn(printed: string): ReadonlyMap<string, unknown> {
  return new Map(SCHEMAS.parse(JSON.parse(printed)).map(({ id, schema }) => [id, schema]));
}

export function identitiesIn(printed: string): IdentityPage {
  return PAGE.parse(JSON.parse(printed));
}

/** The schemas that the settings want, by name. */
export function wantedSchemas(
  settings: Parameters<typeof loginFiles>[0] & Pick<KratosSettings, "identitySchemas">,
  projectFiles: Readonly<Record<string, string>>,
): ReadonlyMap<string, object> {
  const files = new Map(loginFiles(settings, projectFiles).map(({ path, content }) => [path, content]));
  return new Map(
    schemaNames(settings).flatMap((name) => {
      const content = files.get(schemaPath(name));
      return typeof content === "string" ? [[name, JSON.parse(content) as object]] : [];
    }),
  );
}
