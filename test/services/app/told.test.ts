import { output, secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../../../cli/kit/policies.ts";
import { planOf } from "../../../cli/kit/plan.ts";
import { composeProject } from "../../../cli/render/compose.ts";
import { address, fact } from "../../../components/services/kit/fact.ts";
import type { ToldArgs } from "../../../components/services/app/presets.ts";
import { appTold as told } from "../../../components/services/app/told.ts";
import { filled, unknownParts } from "../../../components/services/kit/template.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const CONTAINER = "docker:index/container:Container";
const PASSWORD = "__secret_postgres-provision-apprun__";
const LIGHT = { temporal: { enabled: false }, prometheus: { enabled: false } };

/** What a stack gives its app on a Docker host. */
async function appOf(app: Record<string, unknown>) {
  const values = { ...LIGHT, app };
  const recording = await stackOf(values);
  const { envs = [], uploads = [] } = inputsOf<RecordedContainer>(recording, CONTAINER, "apprun");
  const files = Object.fromEntries(uploads.map(({ file, content }) => [file, content]));
  return { recording, settings: settingsOf(values), envs, files };
}

const ARGS: ToldArgs = {
  database: {
    name: "apprun",
    role: "apprun",
    password: secret("database's"),
    connectionLimit: 100,
    server: { host: "postgres", port: 5432, sslMode: "disable" },
    ready: { name: "postgres", kind: "workload", resource: secret("") as never },
  },
  links: [
    {
      facts: { "cache.host": fact("cache") },
      secrets: { REDIS_URL: { file: "redis-url", content: secret("redis://") } },
    },
  ],
  url: "http://dev.localhost/",
  port: 8080,
  replicas: 1,
  logLevel: "info",
  redisMaxIdle: 10,
  jwtSecret: secret("jwt"),
  encryptionKey: secret("key"),
  env: {},
  secrets: { stripe: secret("sk_live"), other: secret("other's") },
  variables: {},
  variablesPreset: "apprun",
};

/** Why variables are refused. */
function refused(changes: Partial<ToldArgs>): string {
  try {
    told({ ...ARGS, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a template", () => {
  const facts = {
    "a.host": fact("db"),
    "a.user": fact("us/er"),
    "a.password": fact(secret("p@ss/word")),
    "a.url": address("http://auth:4433"),
  };
  const text = (value: string | Output<string>) => new Promise<string>((done) => output(value).apply(done));

  it.each<[string, string, boolean]>([
    ["{a.host}:5432", "db:5432", false],
    ["user={a.user}", "user=us/er", false],
    ["x://{a.user}:{a.password}@{a.host}/", "x://us%2Fer:p%40ss%2Fword@db/", true],
    ["{a.password}", "p@ss/word", true],
    ["{a.url}/x?y=http://z", "http://auth:4433/x?y=http://z", false],
    ["without facts", "without facts", false],
    ["", "", false],
  ])("%j is %j, and secret: %s", async (template, expected, isSecret) => {
    const value = filled(template, facts);
    expect(typeof value !== "string").toBe(isSecret);
    expect(await text(value)).toBe(expected);
  });

  it("names what is no fact", () => {
    expect(unknownParts("{a.host}{a.hots}{b}", facts)).toEqual(["a.hots", "b"]);
  });
});

describe("the preset public", () => {
  it("tells what the public image reads, the password in its variable, and nothing else", async () => {
    const { envs, files, recording, settings } = await appOf({ variablesPreset: "public" });
    expect(envs).toEqual([
      "DATABASE_DB_NAME=apprun",
      "DATABASE_HOST=postgres",
      `DATABASE_PASSWORD=${PASSWORD}`,
      "DATABASE_PORT=5432",
      "DATABASE_USER=apprun",
      "SERVER_HTTP_PORT=8080",
    ]);
    expect(Object.keys(files)).toEqual(["/app/config/default.yaml"]);
    expect(
      findingsOf({ stack: "dev", settings, recording }).filter(({ enforcement }) => enforcement === "mandatory"),
    ).toEqual([]);
    expect(planOf({ stack: "dev", settings, recording }).secretVariables).toEqual([
      { workload: "apprun", variables: ["DATABASE_PASSWORD"] },
    ]);
  });

  it("gives the password in a file where the settings say so", async () => {
    const { envs, files, recording, settings } = await appOf({ variablesPreset: "public", secretsAs: "file" });
    expect(envs).toContain("DATABASE_PASSWORD_FILE=/run/secrets/DATABASE_PASSWORD");
    expect(files["/run/secrets/DATABASE_PASSWORD"]).toBe(PASSWORD);
    expect(planOf({ stack: "dev", settings, recording }).secretVariables).toEqual([]);
  });
});

describe("variables of your own", () => {
  it("take the place of the preset's, each as it says", async () => {
    const { envs, files } = await appOf({
      variables: {
        DATABASE_URL: {
          template: "postgres://{database.user}:{database.password}@{database.host}:{database.port}/{database.name}",
          as: "variable",
        },
        REDIS_URL: "{cache.url}",
        LOG_LEVEL: "trace",
        BASE_URL: "{app.url}",
        LOGIN: "{login.publicUrl}",
      },
    });
    expect(envs).toEqual(
      expect.arrayContaining([
        `DATABASE_URL=postgres://apprun:${PASSWORD}@postgres:5432/apprun`,
        "REDIS_URL_FILE=/run/secrets/REDIS_URL",
        "LOG_LEVEL=trace",
        "BASE_URL=http://dev.localhost:8000",
        "LOGIN=http://auth.dev.localhost:8000",
        "JWT_SECRET_FILE=/run/secrets/jwt-secret",
      ]),
    );
    expect(envs.filter((line) => /^(DATABASE_URL|LOG_LEVEL|REDIS_URL)/.test(line))).toHaveLength(3);
    expect(Object.keys(files)).not.toContain("/run/secrets/database-url");
  });

  it("are alone with the preset none", async () => {
    const { envs } = await appOf({ variablesPreset: "none", variables: { PGHOST: "{database.host}" } });
    expect(envs).toEqual(["PGHOST=postgres"]);
  });

  it("are refused with the facts that there are", () => {
    expect(refused({ variables: { URL: "{cache.hots}" } })).toMatch(
      /apprun:app\.variables\.URL: got "\{cache\.hots\}"; allowed: app\.encryptionKey, .*cache\.host, .*; name one of them/,
    );
    expect(refused({ variables: { URL: "{events.url}" } })).toContain("switch on the service that has it");
  });
});

describe("further variables", () => {
  it("reach the app on both targets", async () => {
    const env = { STRIPE_PUBLIC_KEY: "pk_live", FEATURE_X: "on", WORKERS: 4, DEBUG: false };
    expect((await appOf({ env })).envs).toEqual(
      expect.arrayContaining(["STRIPE_PUBLIC_KEY=pk_live", "FEATURE_X=on", "WORKERS=4", "DEBUG=false"]),
    );
    const kubernetes = await stackOf({ ...LIGHT, platform: "kubernetes", app: { env } });
    const { spec } = inputsOf<{ spec: { template: { spec: { containers: { env: object[] }[] } } } }>(
      kubernetes,
      "kubernetes:apps/v1:Deployment",
      "apprun",
    );
    expect(spec.template.spec.containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: "WORKERS", value: "4" },
        { name: "FEATURE_X", value: "on" },
      ]),
    );
  });

  it("do not change in silence what the platform tells", () => {
    expect(refused({ env: { LOG_LEVEL: "trace", REDIS_URL: "x", REDIS_URL_FILE: "x" } })).toBe(
      [
        "the variables of the app have problems:",
        ...["LOG_LEVEL", "REDIS_URL", "REDIS_URL_FILE"].map(
          (name) =>
            `  apprun:app.env.${name}: got a variable that the platform sets; allowed: names that are free; remove it, or move it to app.variables, which counts before what the platform sets`,
        ),
      ].join("\n"),
    );
  });

  it("that are secrets arrive as each says, or as the app's do", () => {
    const env = { STRIPE_KEY: { secret: "stripe" }, OTHER: { secret: "other", as: "variable" } } as const;
    const inFiles = told({ ...ARGS, env });
    expect(inFiles.env).toMatchObject({ STRIPE_KEY_FILE: "/run/secrets/STRIPE_KEY" });
    expect(Object.keys(inFiles.secretEnv ?? {})).toEqual(["OTHER"]);
    const inVariables = told({ ...ARGS, env, secretsAs: "variable" });
    expect(Object.keys(inVariables.secretEnv ?? {})).toEqual(expect.arrayContaining(["STRIPE_KEY", "OTHER"]));
    expect(inVariables.secretFiles).toEqual([]);
  });

  it("are refused where a plain one has the name of another's file", () => {
    expect(refused({ env: { KEY: { secret: "stripe" }, KEY_FILE: "/x" } })).toContain(
      "apprun:app.env.KEY_FILE: got a variable that another of app.env sets",
    );
  });

  it("that are secrets by their name are refused, also where the platform's secrets are in variables", async () => {
    for (const more of [{}, { secretsAs: "variable" }, { variablesPreset: "public" }]) {
      const { recording, settings } = await appOf({ env: { STRIPE_SECRET_KEY: "sk_live_0123456789" }, ...more });
      const found = findingsOf({ stack: "dev", settings, recording }).filter(
        ({ policy }) => policy === "secret-not-in-env",
      );
      expect(found.map(({ message }) => message)).toEqual([
        expect.stringContaining('container "apprun": got a secret in STRIPE_SECRET_KEY'),
      ]);
    }
  });
});

describe("secrets in variables", () => {
  it("are references to a Secret on Kubernetes", async () => {
    const recording = await stackOf({ ...LIGHT, platform: "kubernetes", app: { secretsAs: "variable" } });
    const { spec } = inputsOf<{ spec: { template: { spec: { containers: { env: { name: string }[] }[] } } } }>(
      recording,
      "kubernetes:apps/v1:Deployment",
      "apprun",
    );
    const env = spec.template.spec.containers[0]?.env ?? [];
    expect(env.find(({ name }) => name === "DB_PASSWORD")).toEqual({
      name: "DB_PASSWORD",
      valueFrom: { secretKeyRef: { name: expect.stringMatching(/^apprun-secrets-/) as string, key: "DB_PASSWORD" } },
    });
    expect(JSON.stringify(spec)).not.toContain("__secret_");
  });

  it("are in no rendered Compose file: each is a line of a file that it names", async () => {
    const { recording } = await appOf({ variablesPreset: "public" });
    const { compose, secrets } = composeProject("apprun-dev", recording.resources, recording.result.inventory);
    expect(JSON.stringify(compose)).not.toContain("__secret_");
    const named = secrets.find(({ path }) => path === "environment/DATABASE_PASSWORD");
    expect(named?.container).toBe("apprun-dev-apprun");
    const { services } = compose as { services: Record<string, { env_file?: object }> };
    expect(services["apprun-dev-apprun"]?.env_file).toEqual([
      { path: `./secrets/${named?.file ?? ""}`, format: "raw" },
    ]);
  });
});
