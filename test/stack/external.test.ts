import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { refuseDroppedData } from "../../cli/runtime/data-guard.ts";
import { planOf } from "../../cli/kit/plan.ts";
import type { Recording } from "../../cli/kit/record.ts";
import type { SECRET_KEYS } from "../../components/stack/schema.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { holdsSecret, secretMark } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { CA_CERTIFICATE } from "../support/fakes/certificate.ts";
import { fromDocker, fromKubernetes, type NormalForm } from "../support/record/parity.ts";
import { inputsOf, settingsOf, stackOf } from "../support/record/stacks.ts";

const EXTERNAL = {
  postgres: {
    mode: "external",
    external: { host: "db.example.com", adminUser: "admin", sslMode: "verify-full", ca: CA_CERTIFICATE },
  },
  cache: {
    mode: "external",
    external: { host: "cache.example.com", port: 6380, username: "apprun", ca: CA_CERTIFICATE },
  },
  storage: {
    mode: "s3",
    s3: { endpoint: "https://s3.example.com", region: "auto", bucket: "apprun-storage", ca: CA_CERTIFICATE },
  },
};
const given = (...keys: (keyof typeof SECRET_KEYS)[]): Settings["secrets"] =>
  Object.fromEntries(keys.map((key) => [key, secret(secretMark(key))]));
const SECRETS = given("postgresAdminPassword", "cachePassword", "storageAccessKeyId", "storageSecretAccessKey");
const CONTAINER = "docker:index/container:Container";
/** What talks to the database, the cache and the bucket. */
const CONSUMERS = [
  "apprun",
  "kratos",
  "kratos-migrate",
  "temporal",
  "temporal-schema",
  "postgres-exporter",
  "postgres-provision",
  "postgres-check",
  "cache-exporter",
  "cache-check",
  "apprun-storage-check",
];

describe("a stack on servers that others run", () => {
  let docker: Recording<Stack>;
  let kubernetes: Recording<Stack>;
  const form = (name: string): NormalForm =>
    fromDocker(inputsOf<RecordedContainer>(docker, CONTAINER, name), "apprun-dev-");
  const workload = (name: string) => docker.result.inventory.workloads.find((found) => found.name === name);

  beforeAll(async () => {
    docker = await stackOf(EXTERNAL, "dev", SECRETS);
    kubernetes = await stackOf({ ...EXTERNAL, platform: "kubernetes" }, "dev", SECRETS);
  });

  it("has no container, volume or generated password of theirs, and all others as before", async () => {
    const own = await stackOf({});
    const names = ({ resources }: Recording<Stack>) =>
      resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    const gone = names(own).filter((name) => !names(docker).includes(name));
    expect(gone.sort()).toEqual([
      "Cache cache",
      "Container cache",
      "Container postgres",
      "Postgres postgres",
      "RandomPassword cache-monitoring",
      "RandomPassword cache-password",
      "RandomPassword postgres-provision-backup",
      "RandomPassword postgres-superuser",
      "Volume apprun-storage",
      "Volume cache",
      "Volume postgres-17",
    ]);
    expect(
      names(docker)
        .filter((name) => !names(own).includes(name))
        .sort(),
    ).toEqual([
      "Container apprun-storage-check",
      "Container cache-check",
      "Container postgres-check",
      "ExternalCache cache",
      "ExternalPostgres postgres",
    ]);
  });

  it("is refused while the stack's own volumes hold the data", async () => {
    const own = await stackOf({});
    const resources = own.resources.map(({ type, name, protect }) => ({
      type,
      urn: `urn:pulumi:dev::apprun::apprun:stack:Stack$${type}::${name}`,
      protect,
    }));
    const refused =
      /would drop what holds data or belongs to it: apprun-storage, cache, cache-password, postgres-17, postgres-superuser; allowed: settings that keep them; nothing was changed/;
    expect(() => {
      refuseDroppedData({ stack: "dev", recording: docker }, { resources });
    }).toThrow(refused);
  });

  it("asks each server first, and starts nothing that needs it before", () => {
    const before = (name: string) => workload(name)?.startsAfter.map((found) => found.name);
    expect(before("postgres-provision")).toEqual(["postgres-check"]);
    expect(before("apprun")).toEqual(
      expect.arrayContaining(["apprun-storage-check", "cache-check", "postgres-provision"]),
    );
  });

  it("gives the authority's certificate to every consumer, and every consumer a way out", () => {
    const without = CONSUMERS.filter(
      (name) => name !== "apprun-storage-check" && !Object.values(form(name).files).includes(CA_CERTIFICATE),
    );
    expect(without).toEqual([]);
    for (const name of CONSUMERS)
      expect(
        inputsOf<RecordedContainer>(docker, CONTAINER, name).networksAdvanced?.map((network) => network.name),
        name,
      ).toContain("apprun-dev-edge");
  });

  it("makes every client check the certificate and the name", () => {
    const secrets = (name: string) => Object.values(form(name).secretFiles).join("\n");
    const env = (name: string) => form(name).env.join("\n");
    const url = "sslmode=verify-full&sslrootcert=/etc/apprun/postgres-ca.pem";
    expect(secrets("apprun")).toContain(url);
    expect(secrets("kratos")).toContain(url);
    expect(env("postgres-exporter")).toContain(url);
    expect(env("postgres-provision")).toContain("PGSSLROOTCERT=/etc/apprun/postgres-ca.pem");
    expect(env("backup")).toContain("PGSSLROOTCERT=/etc/backup/postgres-ca.pem");
    expect(secrets("temporal")).toContain(
      "caFile: /etc/apprun/postgres-ca.pem\n          enableHostVerification: true\n          serverName: db.example.com",
    );
    expect(env("temporal-schema")).toContain(
      "SQL_TLS_CA_FILE=/etc/apprun/postgres-ca.pem\nSQL_TLS_SERVER_NAME=db.example.com",
    );
    expect(secrets("apprun")).toMatch(/rediss:\/\/apprun:.*@cache\.example\.com:6380\/0/);
    expect(form("cache-exporter").args).toEqual(
      expect.arrayContaining([
        "--redis.addr=rediss://cache.example.com:6380",
        "--redis.user=apprun",
        "--tls-ca-cert-file=/etc/apprun/ca/cache.pem",
      ]),
    );
    expect(env("apprun")).toContain("SSL_CERT_DIR=/etc/apprun/ca");
  });

  it("gives the app a bucket in place of the volume, and the keys as files", () => {
    const { env, volumes, secretFiles } = form("apprun");
    expect(volumes).toEqual([]);
    expect(env.filter((line) => /^(STORAGE|S3|AWS)_/.test(line))).toEqual([
      "AWS_ACCESS_KEY_ID_FILE=/run/secrets/storage-access-key-id",
      "AWS_ENDPOINT_URL_S3=https://s3.example.com",
      "AWS_REGION=auto",
      "AWS_SECRET_ACCESS_KEY_FILE=/run/secrets/storage-secret-access-key",
      "S3_BUCKET=apprun-storage",
      "S3_FORCE_PATH_STYLE=true",
      "STORAGE_TYPE=s3",
    ]);
    expect(secretFiles["/run/secrets/storage-secret-access-key"]).toBe(secretMark("storageSecretAccessKey"));
    expect(form("backup").env).toContain("BACKUP_TREES=grafana prometheus");
  });

  it("gives the bucket's authority to the app and to the check", () => {
    for (const name of ["apprun", "apprun-storage-check"])
      expect(form(name).files["/etc/apprun/ca/storage.pem"], name).toBe(CA_CERTIFICATE);
  });

  it("keeps every given secret in files below /run/secrets", () => {
    for (const name of CONSUMERS) {
      const { env, args, command, files } = form(name);
      expect(holdsSecret(JSON.stringify([env, args, command, files])), name).toBe(false);
      expect(
        Object.keys(form(name).secretFiles).filter((path) => !path.startsWith("/run/secrets/")),
        name,
      ).toEqual([]);
    }
  });

  it("says in the plan what is elsewhere, and who keeps it", () => {
    const { elsewhere, volumes } = planOf({
      stack: "dev",
      settings: settingsOf(EXTERNAL, "dev", SECRETS),
      recording: docker,
    });
    expect(elsewhere).toEqual([
      { what: "databases", where: "db.example.com:5432", keptBy: "backup, and the server's own" },
      { what: "cache", where: "cache.example.com:6380", keptBy: "the server's own persistence" },
      {
        what: "the app's files",
        where: "apprun-storage at https://s3.example.com",
        keptBy: "the bucket's own versioning",
      },
    ]);
    expect(volumes.map(({ name }) => name)).not.toContain("apprun-storage");
  });

  it("takes no server that is newer than the tools", () => {
    expect(form("postgres-check").files["/etc/apprun/job.sql"]).toContain("NOT IN (15, 16, 17)");
  });

  it("is the same on Kubernetes", () => {
    for (const name of CONSUMERS) {
      const controller = kubernetes.resources.find(
        (found) => found.name === name && /:(Deployment|StatefulSet|Job)$/.test(found.type),
      );
      const theirs = fromKubernetes(controller!, kubernetes.resources);
      const ours = form(name);
      const { image, command, args, env, secretFiles } = theirs;
      expect({ image, command, args, env, secretFiles }, name).toEqual({
        image: ours.image,
        command: ours.command,
        args: ours.args,
        env: ours.env,
        secretFiles: ours.secretFiles,
      });
      expect(Object.keys(theirs.files).sort(), name).toEqual(Object.keys(ours.files).sort());
    }
  });
});
