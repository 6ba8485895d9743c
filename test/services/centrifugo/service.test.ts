import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import { secretMark } from "../../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { CA_CERTIFICATE } from "../../support/fakes/certificate.ts";
import { OPTIONAL_ARROWS } from "../../support/record/arrows.ts";
import { recordedFiles } from "../../support/record/monitoring.ts";
import { fromDocker, fromKubernetes } from "../../support/record/parity.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";

const ON = { centrifugo: { enabled: true } };
const CONTAINER = "docker:index/container:Container";
const CONFIG = "/run/secrets/centrifugo.json";

const container = (recording: Recording<Stack>, name: string) =>
  inputsOf<RecordedContainer>(recording, CONTAINER, name);
const upload = (recording: Recording<Stack>, name: string, path: string) =>
  container(recording, name).uploads?.find(({ file }) => file === path)?.content;
const configuration = (recording: Recording<Stack>, name = "centrifugo") =>
  JSON.parse(upload(recording, name, CONFIG) ?? "") as unknown;

const NO_RIGHTS = {
  presence: false,
  join_leave: false,
  force_push_join_leave: false,
  allow_user_limited_channels: false,
  allow_subscribe_for_client: false,
  allow_publish_for_subscriber: false,
  allow_presence_for_subscriber: false,
  allow_history_for_subscriber: false,
};
const KEPT = { history_size: 100, history_ttl: "300s", force_recovery: true };

describe("a stack with Centrifugo", () => {
  let docker: Recording<Stack>;
  beforeAll(async () => {
    docker = await stackOf(ON);
  });

  it("gives it one secret file with the whole configuration, and no other way to a secret", () => {
    expect(configuration(docker)).toEqual({
      http_server: { port: 8000, internal_port: "9000" },
      client: {
        allowed_origins: ["http://dev.localhost:8000"],
        connection_limit: 2684,
        token: { hmac_secret_key: "__secret_centrifugo-token__" },
      },
      channel: { without_namespace: { ...KEPT, ...NO_RIGHTS }, namespaces: [] },
      http_api: { key: "__secret_centrifugo-api-key__" },
      engine: {
        type: "redis",
        redis: {
          address: "redis://cache:6379",
          password: "__secret_cache-password__",
          prefix: "apprun/dev/centrifugo",
        },
      },
      health: { enabled: true },
      prometheus: { enabled: true },
      admin: { enabled: false },
      usage_stats: { disabled: true },
      shutdown: { timeout: "30s" },
    });
    const { uploads = [], envs } = container(docker, "centrifugo");
    expect(uploads.map(({ file }) => file)).toEqual([CONFIG]);
    expect(envs).toEqual(["GOMEMLIMIT=230MiB"]);
  });

  it("runs it without root and capabilities, with no port on the host, and longer to stop than it takes", () => {
    expect(container(docker, "centrifugo")).toMatchObject({
      user: "1000:1000",
      capabilities: { drops: ["ALL"] },
      ports: [],
      entrypoints: ["centrifugo"],
      command: ["--config", CONFIG],
      healthcheck: { tests: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9000/health"] },
      stopTimeout: 40,
      destroyGraceSeconds: 40,
    });
  });

  it("tells the app where it publishes and where clients connect, the secrets as files", () => {
    const { envs = [] } = container(docker, "apprun");
    expect(envs.filter((line) => line.startsWith("CENTRIFUGO_"))).toEqual([
      "CENTRIFUGO_API_KEY_FILE=/run/secrets/centrifugo-api-key",
      "CENTRIFUGO_API_URL=http://centrifugo:9000/api",
      "CENTRIFUGO_TOKEN_SECRET_FILE=/run/secrets/centrifugo-token-secret",
      "CENTRIFUGO_WEBSOCKET_URL=ws://realtime.dev.localhost:8000/connection/websocket",
    ]);
    expect(upload(docker, "apprun", "/run/secrets/centrifugo-api-key")).toBe("__secret_centrifugo-api-key__");
    expect(upload(docker, "apprun", "/run/secrets/centrifugo-token-secret")).toBe("__secret_centrifugo-token__");
  });

  it("routes the clients' port and nothing else of it, and shows the API's key to operators", () => {
    expect(docker.result.urls["realtime"]).toBe("http://realtime.dev.localhost:8000/");
    const routes =
      container(docker, "proxy-routes")
        .uploads?.map(({ content = "" }) => content)
        .join("") ?? "";
    expect(routes.match(/http:\/\/centrifugo:\d+/g)).toEqual(["http://centrifugo:8000"]);
    expect(docker.result.credentials["centrifugo"]?.username).toBe("X-API-Key");
  });

  it("connects it to the cache, the app and Prometheus to it, and starts them in that order", () => {
    const { workloads } = docker.result.inventory;
    const arrows = workloads
      .flatMap(({ name, connectsTo }) => connectsTo.map((to) => `${name} -> ${to}`))
      .filter((arrow) => arrow.includes("centrifugo"));
    expect(arrows.sort()).toEqual(
      [
        ...new Set(
          OPTIONAL_ARROWS.filter((arrow) => arrow.includes("centrifugo")).map((arrow) => arrow.replace(/:\d+$/, "")),
        ),
      ].sort(),
    );
    const startsAfter = (name: string) => workloads.find((found) => found.name === name)?.startsAfter;
    expect(startsAfter("centrifugo")).toContainEqual({ name: "cache", kind: "workload" });
    expect(startsAfter("apprun")).toContainEqual({ name: "centrifugo", kind: "workload" });
  });

  it("has its alerts and its dashboard, and every replica is a target", async () => {
    const files = await recordedFiles({ centrifugo: { enabled: true, replicas: 2 } });
    expect(files("grafana").has("/etc/grafana/dashboards/apprun-centrifugo.json")).toBe(true);
    expect(files("prometheus").get("/etc/prometheus/rules.yml")).toContain("centrifugo_node_num_nodes != 2");
    const scraped = files("prometheus").get("/etc/prometheus/prometheus.yml");
    expect(scraped).toMatch(/targets:\n\s+- centrifugo-1:9000\n\s+- centrifugo-2:9000/);
  });

  it("with two replicas on Docker has two containers with the same configuration behind one host name", async () => {
    const two = await stackOf({ centrifugo: { enabled: true, replicas: 2 } });
    expect(configuration(two, "centrifugo-1")).toEqual(configuration(docker));
    expect(configuration(two, "centrifugo-2")).toEqual(configuration(docker));
  });

  it("is the same on Kubernetes", async () => {
    const kubernetes = await stackOf({ ...ON, platform: "kubernetes", domain: "dev.localhost" });
    const controller = kubernetes.resources.find(
      ({ name, type }) => name === "centrifugo" && type.endsWith(":Deployment"),
    );
    const ours = fromDocker(container(docker, "centrifugo"), "apprun-dev-");
    const theirs = fromKubernetes(controller!, kubernetes.resources);
    const parsed = JSON.parse(theirs.secretFiles[CONFIG] ?? "") as { client: { allowed_origins: string[] } };
    expect(parsed.client.allowed_origins).toEqual(["http://dev.localhost"]);
    expect(parsed).toMatchObject({ ...(configuration(docker) as object), client: expect.anything() as unknown });
    // A Docker host cannot upload files into a read-only container, and a pod waits until clients know that it goes.
    expect({ ...theirs, secretFiles: {} }).toEqual({
      ...ours,
      secretFiles: {},
      probe: "/health",
      readOnlyRoot: true,
      stopSeconds: 45,
    });
  });

  it("keeps the cache out of it with engine memory", async () => {
    const memory = await stackOf({ centrifugo: { enabled: true, engine: "memory" } });
    expect(configuration(memory)).toMatchObject({ engine: { type: "memory" } });
    expect(memory.result.inventory.workloads.find(({ name }) => name === "centrifugo")).toMatchObject({
      connectsTo: [],
      startsAfter: [],
    });
  });

  it("takes a managed cache's user, and trusts its authority", async () => {
    const cache = { mode: "external", external: { host: "redis.example.com", ca: CA_CERTIFICATE, username: "apprun" } };
    const external = await stackOf({ ...ON, cache }, "dev", { cachePassword: secret(secretMark("cachePassword")) });
    expect(configuration(external)).toMatchObject({
      engine: {
        redis: {
          address: "redis://redis.example.com:6379",
          user: "apprun",
          password: "__secret_cachePassword__",
          tls: { enabled: true, server_name: "redis.example.com", server_ca_pem: "/etc/apprun/ca/cache.pem" },
        },
      },
    });
    expect(upload(external, "centrifugo", "/etc/apprun/ca/cache.pem")).toBe(CA_CERTIFICATE);
  });

  it("verifies tokens of the secret before, and takes one key for the API", async () => {
    const rotated = await stackOf({ ...ON, rotation: { "centrifugo-token": 2, "centrifugo-api-key": 2 } });
    expect(configuration(rotated)).toMatchObject({
      client: {
        token: {
          hmac_secret_key: "__secret_centrifugo-token-2__",
          hmac_previous_secret_key: "__secret_centrifugo-token__",
        },
      },
      http_api: { key: "__secret_centrifugo-api-key-2__" },
    });
    expect(upload(rotated, "apprun", "/run/secrets/centrifugo-token-secret")).toBe("__secret_centrifugo-token-2__");
  });

  it("gives each group of channels its own rights, under Centrifugo's names", async () => {
    const channels = { historySize: 0 };
    const chat = {
      presence: true,
      joinLeave: true,
      historySize: 10,
      historyTtl: "1h",
      presenceForSubscriber: true,
      historyForSubscriber: true,
    };
    const rooms = { userLimited: true, subscribeForClient: true, publishForSubscriber: true };
    const origins = ["http://localhost:3000"];
    expect(
      configuration(await stackOf({ centrifugo: { enabled: true, origins, channels, namespaces: { chat, rooms } } })),
    ).toMatchObject({
      client: { allowed_origins: ["http://dev.localhost:8000", "http://localhost:3000"] },
      channel: {
        without_namespace: NO_RIGHTS,
        namespaces: [
          {
            name: "chat",
            ...{
              history_size: 10,
              history_ttl: "3600s",
              force_recovery: true,
              presence: true,
              join_leave: true,
              force_push_join_leave: true,
            },
            ...{
              allow_presence_for_subscriber: true,
              allow_history_for_subscriber: true,
              allow_publish_for_subscriber: false,
            },
          },
          {
            name: "rooms",
            allow_user_limited_channels: true,
            allow_subscribe_for_client: true,
            allow_publish_for_subscriber: true,
            presence: false,
          },
        ],
      },
    });
  });
});

describe("a stack without Centrifugo", () => {
  it("has nothing of it, and keeps its certificate's host names", async () => {
    const recording = await stackOf({ tls: { mode: "local-ca" } });
    expect(JSON.stringify(recording.resources)).not.toMatch(/centrifugo|realtime/i);
    expect(recording.result.credentials).not.toHaveProperty("centrifugo");
  });
});
