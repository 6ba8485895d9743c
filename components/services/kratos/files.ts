import type { ConfigFile } from "../../model/workload.ts";
import { userSchema } from "./user-schema.ts";
import { USER_SCHEMA, type KratosSettings } from "./settings.ts";

const DIRECTORY = "/etc/config/kratos";
export const TEMPLATES_DIRECTORY = `${DIRECTORY}/templates`;
const DEFAULT_MAPPER = `${DIRECTORY}/provider.jsonnet`;
const DEFAULT_BODY = `${DIRECTORY}/web-hook.jsonnet`;

/** An address that somebody else has not shown to be theirs must not open an account of that address. */
const MAPPER = `local claims = { email_verified: false } + std.extVar('claims');
{ identity: { traits: { [if 'email' in claims && claims.email_verified then 'email' else null]: claims.email } } }
`;
const BODY = `function(ctx) { flow: ctx.flow.id, identity: if std.objectHas(ctx, 'identity') then ctx.identity else null }
`;

type Read = Named & Pick<KratosSettings, "methods">;
type Named = Pick<KratosSettings, "identitySchemas" | "mailTemplates" | "providers" | "webHooks">;

/** Every file of the project that the settings of the login name, by the path of the setting below `kratos`. */
export function namedFiles({
  identitySchemas,
  mailTemplates,
  providers,
  webHooks,
}: Named): Readonly<Record<string, string>> {
  const all: (readonly [string, string | undefined])[] = [
    ...Object.entries(identitySchemas).map(([name, path]) => [`identitySchemas.${name}`, path] as const),
    ...Object.entries(mailTemplates).map(([name, path]) => [`mailTemplates.${name}`, path] as const),
    ...Object.entries(providers).map(([name, { mapper }]) => [`providers.${name}.mapper`, mapper] as const),
    ...Object.entries(webHooks).map(([name, { body }]) => [`webHooks.${name}.body`, body] as const),
  ];
  return Object.fromEntries(all.flatMap(([setting, path]) => (path === undefined ? [] : [[setting, path]])));
}

/** Where the program finds an identity schema. */
export function schemaPath(name: string): string {
  return name === USER_SCHEMA ? `${DIRECTORY}/identity.schema.json` : `${DIRECTORY}/schemas/${name}.schema.json`;
}

/** Names of all schemas: the one without settings stays, because identities may have it. */
export function schemaNames({ identitySchemas }: Pick<Named, "identitySchemas">): readonly string[] {
  return [...new Set([USER_SCHEMA, ...Object.keys(identitySchemas).sort()])];
}

export function mapperPath(name: string, { mapper }: { readonly mapper?: string | undefined }): string {
  return mapper === undefined ? DEFAULT_MAPPER : `${DIRECTORY}/providers/${name}.jsonnet`;
}

export function bodyPath(name: string, { body }: { readonly body?: string | undefined }): string {
  return body === undefined ? DEFAULT_BODY : `${DIRECTORY}/web-hooks/${name}.jsonnet`;
}

/** What the login reads besides its configuration. `contents` has the files of the project by their path there. */
export function loginFiles(settings: Read, contents: Readonly<Record<string, string>>): readonly ConfigFile[] {
  const { identitySchemas, mailTemplates, providers, webHooks } = settings;
  const own = (path: string, file: string): ConfigFile => ({ path, content: contents[file] ?? "" });
  const user = identitySchemas[USER_SCHEMA];
  const mappers = Object.entries(providers).sort(byName);
  const bodies = Object.entries(webHooks).sort(byName);
  return [
    user === undefined
      ? { path: schemaPath(USER_SCHEMA), content: `${JSON.stringify(userSchema(settings.methods), null, 2)}\n` }
      : own(schemaPath(USER_SCHEMA), user),
    ...schemaNames(settings).flatMap((name) => {
      const file = identitySchemas[name];
      return file === undefined || name === USER_SCHEMA ? [] : [own(schemaPath(name), file)];
    }),
    ...Object.entries(mailTemplates)
      .sort(byName)
      .map(([path, file]) => own(`${TEMPLATES_DIRECTORY}/${path}`, file)),
    ...(mappers.some(([, { mapper }]) => mapper === undefined) ? [{ path: DEFAULT_MAPPER, content: MAPPER }] : []),
    ...mappers.flatMap(([name, each]) => (each.mapper === undefined ? [] : [own(mapperPath(name, each), each.mapper)])),
    ...(bodies.some(([, { body }]) => body === undefined) ? [{ path: DEFAULT_BODY, content: BODY }] : []),
    ...bodies.flatMap(([name, each]) => (each.body === undefined ? [] : [own(bodyPath(name, each), each.body)])),
  ];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
