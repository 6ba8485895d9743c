import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { SchemaSource } from "../../model/schema-version.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { type DatabaseRequest, PASSWORD_REACHES, SERVICE_TIMES } from "../postgres/roles.ts";
import type { Service } from "../service.ts";
import { kratosRules } from "./rules.ts";
import { kratos as settings } from "./settings.ts";

/** The port of the API that changes identities; who reaches it may do so. */
export const KRATOS_ADMIN_PORT = 4434;

/** The port of the API that browsers and the app use. */
export const KRATOS_PUBLIC_PORT = 4433;

/** Connections of all replicas, and the fewest of each: its own default is two for each core, whatever the server allows. */
const CONNECTIONS = { all: 16, each: 4 };

type Own = Slice<{ kratos: typeof settings }>;

export const kratos = {
  name: "kratos",
  title: "Kratos",
  purpose: "Keeps identities and sessions: registration, login, recovery and second factors (Ory Kratos).",
  guides: ["your-login.md"],
  settings: { kratos: settings },
  images: {
    kratos: {
      registry: HUB,
      repository: "oryd/kratos",
      tag: "v26.2.0",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/ory/kratos/blob/v26.2.0/.docker/Dockerfile-alpine", {
        platforms: "https://github.com/ory/xgoreleaser/blob/c40d0ee406ea234fc207105a47ce012a33b66333/build.tmpl.yml",
      }),
      probeTool: "wget",
      uid: 10000,
      gid: 10000,
      // The last file of persistence/sql/migrations/sql at this tag.
      schemas: { kratos: "20260114175904000000" },
      touchesData: "its job migrates the schema",
      // ory.sh/docs/kratos, "Upgrade": migrations add up, so steps may be skipped.
      steps: { eachMinor: false, reason: "a migrated schema does not go back" },
    },
  },
  light: { kratos: { resources: { requests: { memory: "48Mi" }, limits: { memory: "80Mi" } } } },
  rotated: {
    "kratos-cipher": {
      reaches: "the first encrypts, all before still decrypt",
      restarts: "Kratos",
      allStay: "data may be encrypted with any of them",
    },
    "kratos-cookie": { reaches: "the first signs, the one before still verifies", restarts: "Kratos" },
    "kratos-pagination": {
      reaches: "the first encrypts tokens of pages, the one before still decrypts them",
      restarts: "Kratos",
    },
    "postgres-provision-kratos": { reaches: PASSWORD_REACHES, restarts: "Kratos" },
  },
  dataKeys: { "kratos-cipher": { given: "kratosCipher" } },
  givenSecrets: {
    kratosCipher:
      "Key of 32 characters that Kratos encrypts its data with, instead of a generated one; `npm run keys` takes it from another stack",
    smtpUri: "SMTP connection of Kratos, such as smtps://user:password@mail.example.com:465",
  },
  rules: kratosRules,
  target: { name: "kratos" },
  outsideServers: ({ kratos: { providers, webHooks } }: Own) => [
    ...Object.entries(providers).flatMap(([name, given]) =>
      (["issuerUrl", "authUrl", "tokenUrl"] as const).map((key) => ({
        setting: `kratos.providers.${name}.${key}`,
        at: given[key],
      })),
    ),
    // A path is the app's.
    ...Object.entries(webHooks).map(([name, { url }]) => ({
      setting: `kratos.webHooks.${name}.url`,
      at: url.startsWith("/") ? undefined : url,
    })),
  ],
  sizes: ({ kratos: { resources, replicas } }: Own): readonly Size[] => [{ workload: "kratos", resources, replicas }],
  pages: [{ name: "auth", label: "auth", port: KRATOS_PUBLIC_PORT, audience: "users", rate: "login" }],
  roles: ({ kratos: { replicas } }: Own): readonly DatabaseRequest[] => [
    {
      role: "kratos",
      databases: ["kratos"],
      connectionLimit: Math.max(CONNECTIONS.all, CONNECTIONS.each * replicas),
      ...SERVICE_TIMES,
    },
  ],
  schemas: (): readonly SchemaSource<"kratos">[] => [
    {
      database: "kratos",
      sql: "SELECT max(version) FROM public.schema_migration",
      image: "kratos",
      job: "kratos-migrate",
    },
  ],
} as const satisfies Service;
