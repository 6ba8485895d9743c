import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { ROTATED_SECRET_NAMES, type RotatedSecret } from "../../components/services/catalogue.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { recordEverything, TARGETS, type Target } from "../everything.ts";
import { inputsOf, stackOf } from "../support/record/stacks.ts";

const SECRET = "random:index/randomPassword:RandomPassword";
const CONTAINER = "docker:index/container:Container";
/** What a rotation may touch: what runs. What it reads, such as a ConfigMap, changes with it. */
const RUNS =
  /^(docker:index\/container:Container|kubernetes:(apps\/v1:(Deployment|StatefulSet)|batch\/v1:(Job|CronJob)|postgresql\.cnpg\.io\/v1:Cluster))$/;

const KEY = { "apprun-encryption-key": "data is encrypted with it and the app takes one" };
/** Secrets that no generation replaces, and why. */
const FIXED: Record<Target, Record<string, string>> = {
  docker: { ...KEY, "tunnel-secret": "Cloudflare knows the tunnel by it: another one is another tunnel" },
  kubernetes: KEY,
};

/** Secrets of own services, whose names the settings give. */
const OWN = ["postgres-provision-cleanup", "postgres-provision-reports", "postgres-provision-worker"];

/** What is started again for each secret: what has it, and the jobs that hand it on. */
const CHANGED: Record<RotatedSecret, string[]> & Record<string, string[]> = {
  "apprun-jwt": ["apprun", "postgrest"],
  "backup-password": ["backup"],
  "cache-monitoring": ["cache", "cache-exporter"],
  "cache-password": ["apprun", "cache", "centrifugo", "worker"],
  "centrifugo-api-key": ["apprun", "centrifugo"],
  "centrifugo-token": ["apprun", "centrifugo"],
  "grafana-admin": ["grafana"],
  "kratos-cipher": ["backup", "kratos", "kratos-migrate"],
  "kratos-cookie": ["kratos", "kratos-migrate"],
  "kratos-pagination": ["kratos", "kratos-migrate"],
  "nats-password": ["apprun", "nats", "worker"],
  "proxy-operators": ["proxy-operators", "proxy-routes"],
  "seaweedfs-admin-key": ["seaweedfs", "seaweedfs-bucket", "seaweedfs-copy"],
  "seaweedfs-app-id": ["apprun", "seaweedfs", "seaweedfs-bucket"],
  "seaweedfs-app-key": ["apprun", "seaweedfs", "seaweedfs-bucket"],
  "pgbouncer-stats": ["pgbouncer", "pgbouncer-exporter"],
  "postgres-provision-apprun": ["apprun", "pgbouncer", "postgres-provision", "postgrest-schema"],
  "postgres-provision-backup": ["backup", "postgres-provision"],
  "postgres-provision-authenticator": ["postgres-provision", "postgrest"],
  "postgres-provision-grafana": ["grafana", "postgres-provision"],
  "postgres-provision-monitoring": ["postgres-exporter", "postgres-provision"],
  "postgres-provision-replicator": ["postgres-provision", "postgres-replica"],
  "postgres-provision-kratos": ["kratos", "kratos-migrate", "postgres-provision"],
  "postgres-provision-temporal": ["postgres-provision", "temporal", "temporal-schema"],
  "postgres-provision-cleanup": ["cleanup", "postgres-provision"],
  "postgres-provision-reports": ["postgres-provision", "reports"],
  "postgres-provision-worker": ["pgbouncer", "postgres-provision", "worker"],
  // The server itself goes on: a job gives it the password. A set names all images, that job's too.
  "postgres-superuser": [
    "backup",
    "postgres-exporter-role",
    "postgres-provision",
    "postgres-replica-slot",
    "postgres-rotate",
    "postgres-upgrade",
  ],
};

/** Secrets that rotate on one target only, and why. */
const NOT_ON: Record<Target, Partial<Record<RotatedSecret, string>>> = {
  docker: {},
  kubernetes: {
    "proxy-operators": "there is none: who may forward ports reaches operators' pages",
    "postgres-superuser": "the operator changes it in its own time, and the settings refuse it",
    "postgres-provision-replicator": "the operator replicates with certificates of its own",
  },
};

describe.each(TARGETS)("raising one generation with everything on, on %s", (target) => {
  let plain: Recording<Stack>;
  beforeAll(async () => {
    plain = await recordEverything(target);
  });

  const rotating = [...ROTATED_SECRET_NAMES, ...OWN].filter((secret) => !(secret in NOT_ON[target]));
  const byName = ({ resources }: Recording<Stack>) =>
    new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));

  it("is possible for every generated secret except for what data depends on", () => {
    const secrets = plain.resources.filter(({ type }) => type === SECRET).map(({ name }) => name);
    const absent = target === "docker" ? [] : ["proxy-operators", "postgres-provision-replicator"];
    const made = ROTATED_SECRET_NAMES.filter((name) => !absent.includes(name));
    expect(secrets.sort()).toEqual([...made, ...OWN, ...Object.keys(FIXED[target])].sort());
  });

  const changedBy = async (secrets: readonly string[]) => {
    const rotated = await recordEverything(target, {
      rotation: Object.fromEntries(secrets.map((secret) => [secret, 2])),
    });
    const [before, after] = [byName(plain), byName(rotated)];
    const changed = rotated.resources.filter(
      ({ type, name }) => before.get(`${type} ${name}`) !== after.get(`${type} ${name}`),
    );
    expect([...before.keys()].filter((key) => !after.has(key))).toEqual([]);
    return {
      running: [
        ...new Set(changed.filter(({ type }) => RUNS.test(type)).map(({ name }) => workloadOf(rotated, name))),
      ].sort(),
      secrets: changed
        .filter(({ type }) => type === SECRET)
        .map(({ name }) => name)
        .sort(),
    };
  };

  // A recording for each secret takes its time: on the second target all are raised at once.
  const raised = target === "docker" ? rotating.map((secret) => [secret]) : [rotating];
  it.each(raised.map((secrets) => [secrets.join(", "), secrets] as const))(
    "of %s changes exactly what has it",
    async (_, secrets) => {
      expect(await changedBy(secrets)).toEqual({
        running: [...new Set(secrets.flatMap((secret) => CHANGED[secret] ?? []))].sort(),
        secrets: secrets.map((secret) => `${secret}-2`).sort(),
      });
    },
  );
});

/** The workload or job that a container or a controller runs: replicas, and the runs of a schedule on a cluster, have names of their own. */
function workloadOf({ result }: Recording<Stack>, name: string): string {
  const found = result.inventory.workloads.find(
    (workload) =>
      name === workload.name ||
      workload.instances.some((instance) => instance.endsWith(`-${name}`) || instance.endsWith(`/${name}`)),
  );
  if (found === undefined) throw new Error(`no workload runs ${name}`);
  return found.name;
}

describe("a rotated stack", () => {
  let plain: Recording<Stack>;
  beforeAll(async () => {
    plain = await stackOf({});
  });

  const file = (recording: Recording<Stack>, container: string, path: string) =>
    inputsOf<RecordedContainer>(recording, CONTAINER, container).uploads?.find((upload) => upload.file === path)
      ?.content;

  it("lets the cache take both passwords, and Kratos read what the older keys wrote", async () => {
    const recording = await stackOf({ rotation: { "cache-password": 3, "kratos-cipher": 3, "kratos-cookie": 3 } });
    expect(file(recording, "cache", "/run/secrets/cache-auth.conf")).toMatch(
      /^user default on >__secret_cache-password-3__ >__secret_cache-password-2__ ~\* &\* \+@all\n/,
    );
    const kratos = file(recording, "kratos", "/run/secrets/kratos.yml") ?? "";
    expect(kratos.replace(/\s+/g, " ")).toContain(
      "cookie: - __secret_kratos-cookie-3__ - __secret_kratos-cookie-2__ cipher: - __secret_kratos-cipher-3__ - __secret_kratos-cipher-2__ - __secret_kratos-cipher__",
    );
    const fingerprints = JSON.parse(file(recording, "backup", "/run/secrets/key-fingerprints.json") ?? "") as Record<
      string,
      string | string[]
    >;
    expect(fingerprints["kratos-cipher"]).toHaveLength(3);
    expect(typeof fingerprints["apprun-encryption-key"]).toBe("string");
  });

  it("leaves the server's container its first password and lets a job try every one, the newest first", async () => {
    const recording = await stackOf({ rotation: { "postgres-superuser": 3 } });
    expect(file(recording, "postgres", "/run/secrets/postgres-password")).toBe("__secret_postgres-superuser__");
    expect(file(recording, "postgres-rotate", "/run/secrets/administrator-passwords")).toBe(
      "__secret_postgres-superuser-3__\n__secret_postgres-superuser-2__\n__secret_postgres-superuser__\n",
    );
    expect(file(recording, "postgres-rotate", "/run/secrets/rotate.sql")).toContain(
      `ALTER ROLE "postgres" PASSWORD '__secret_postgres-superuser-3__';`,
    );
  });

  it("lets Grafana's own tool set the password before it starts, and only then", async () => {
    const recording = await stackOf({ rotation: { "grafana-admin": 2 } });
    expect(inputsOf<RecordedContainer>(recording, CONTAINER, "grafana")).toMatchObject({
      entrypoints: ["sh", "-c"],
      command: [
        "if [ -e /var/lib/grafana/grafana.db ]; then grafana cli --homepath /usr/share/grafana admin reset-admin-password --password-from-stdin </run/secrets/grafana-admin-password || exit 1; fi; exec /run.sh",
      ],
    });
    expect(inputsOf<RecordedContainer>(plain, CONTAINER, "grafana").entrypoints).toBeUndefined();
  });

  it("works on Kubernetes with the same jobs", async () => {
    const recording = await stackOf({
      platform: "kubernetes",
      rotation: { "postgres-superuser": 2, "kratos-cookie": 2 },
    });
    expect(
      recording.resources.filter(({ type, name }) => type === "kubernetes:batch/v1:Job" && name === "postgres-rotate"),
    ).toHaveLength(1);
  });

  it("keeps what may still be needed from being deleted", async () => {
    const { resources } = await stackOf({ rotation: { "cache-password": 2, "kratos-cipher": 2 } });
    const guarded = (name: string) =>
      resources.find((resource) => resource.type === SECRET && resource.name === name)?.protect;
    expect(["cache-password-2", "cache-password", "kratos-cipher-2", "kratos-cipher"].map(guarded)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
