import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { record } from "../../cli/kit/record.ts";
import { findingsOf } from "../../cli/kit/policies.ts";
import { secretMark } from "../../components/model/secret-mark.ts";
import { parseSettings } from "../../components/stack/parse.ts";
import { Stack } from "../../components/stack/stack.ts";
import { messageOf } from "../support/record/settings.ts";
import { inputsOf } from "../support/record/stacks.ts";

const LOGIN = { username: "ci", password: { secret: "pull" } };
const SHOP = { registry: "registry.example.com:5000", repository: "shop/api", tag: "1.4.2", uid: 1000, gid: 1000 };
const PULL = { ownSecrets: { pull: secret(secretMark("own-pull")) } };

function settingsWith(values: Record<string, unknown>) {
  return parseSettings({ project: "apprun", stack: "dev" }, { values, secrets: {}, plainSecrets: [], ...PULL });
}

async function stackWith(values: Record<string, unknown>) {
  const settings = settingsWith(values);
  return { stack: "dev", settings, recording: await record(settings.identity, () => new Stack(settings)) };
}

describe("an image of your own in a private registry, on a Docker host (C01)", () => {
  it("is pulled by the provider with the secret, which stands nowhere else", async () => {
    const project = await stackWith({
      app: { image: { ...SHOP, probeTool: "curl" } },
      registries: { "registry.example.com:5000": LOGIN, "docker.io": LOGIN },
    });
    const { resources } = project.recording;
    const { registryAuth } = inputsOf<{ registryAuth: string }>(project.recording, "pulumi:providers:docker", "docker");
    expect(JSON.parse(registryAuth)).toEqual([
      { address: "registry-1.docker.io", username: "ci", password: secretMark("own-pull") },
      { address: "registry.example.com:5000", username: "ci", password: secretMark("own-pull") },
    ]);
    const others = resources.filter(({ type }) => type !== "pulumi:providers:docker");
    expect(JSON.stringify(others)).not.toContain(secretMark("own-pull"));
    expect(findingsOf(project).filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
  });

  it("changes nothing of the provider where nobody logs in", async () => {
    const { recording } = await stackWith({
      registries: { "quay.io": { mirror: "q.example.com" } },
      app: { env: { A: { secret: "pull" } } },
    });
    expect(inputsOf(recording, "pulumi:providers:docker", "docker")).not.toHaveProperty("registryAuth");
  });
});

describe("a pull secret on Kubernetes (C02)", () => {
  it("is on every pod, job and cron job, and of the kind that the kubelet reads", async () => {
    const { recording } = await stackWith({
      platform: "kubernetes",
      backup: { enabled: true },
      registries: { "ghcr.io": LOGIN, "docker.io": LOGIN },
    });
    const secretObject = inputsOf<{ type: string; metadata: { name: string }; stringData: Record<string, string> }>(
      recording,
      "kubernetes:core/v1:Secret",
      "registries",
    );
    expect([secretObject.type, secretObject.metadata.name]).toEqual(["kubernetes.io/dockerconfigjson", "registries"]);
    const { auths } = JSON.parse(secretObject.stringData[".dockerconfigjson"] ?? "{}") as {
      auths: Record<string, { username: string; auth: string }>;
    };
    expect(Object.keys(auths)).toEqual(["https://index.docker.io/v1/", "ghcr.io"]);
    expect(Buffer.from(auths["ghcr.io"]?.auth ?? "", "base64").toString()).toBe(`ci:${secretMark("own-pull")}`);
    const pods = recording.resources.filter(({ type }) => /:(Deployment|StatefulSet|Job|CronJob)$/.test(type));
    expect(pods.length).toBeGreaterThan(8);
    for (const { inputs, name } of pods)
      expect(JSON.stringify(inputs), name).toContain('"imagePullSecrets":[{"name":"registries"}]');
  });

  it("is on the pods of an operated PostgreSQL", async () => {
    const { recording } = await stackWith({
      platform: "kubernetes",
      postgres: { mode: "operator" },
      registries: { "ghcr.io": LOGIN },
    });
    const cluster = recording.resources.find(({ type }) => type.endsWith(":Cluster"));
    expect(JSON.stringify(cluster?.inputs)).toContain('"imagePullSecrets":[{"name":"registries"}]');
  });
});

describe("a mirror with a path for each upstream (C03)", () => {
  it("stands in for its own host alone, and for no image of your own", async () => {
    const { recording, settings, stack } = await stackWith({
      app: { image: { ...SHOP, registry: "quay.io", probeTool: "curl" }, env: { A: { secret: "pull" } } },
      registries: {
        "docker.io": { mirror: "harbor.example.com/dockerhub" },
        "quay.io": { mirror: "harbor.example.com/quay" },
      },
    });
    const references = recording.resources
      .filter(({ type }) => type === "docker:index/remoteImage:RemoteImage")
      .map(({ inputs }) => String(inputs["name"]));
    expect(references).toContain("harbor.example.com/dockerhub/library/postgres:17-alpine");
    expect(references.find((name) => name.includes("postgres-exporter"))).toMatch(
      /^harbor\.example\.com\/quay\/prometheuscommunity\//,
    );
    expect(references).toContain("quay.io/shop/api:1.4.2");
    const found = findingsOf({ stack, settings, recording });
    expect(found.filter(({ policy }) => policy === "image-catalogue")).toEqual([]);
  });
});

describe("registries", () => {
  it.each<[Record<string, unknown>, string]>([
    [
      { registries: { "ghcr.io": { username: "ci" } } },
      "registries.ghcr.io.password: got nothing; allowed: { secret: NAME } with username; set it, or remove both",
    ],
    [
      { registries: { "ghcr.io": {} } },
      "registries.ghcr.io: got an empty map; allowed: a login or a mirror; set one, or remove it",
    ],
    [
      { registries: { "docker.io": { mirror: "m.example.com" } }, images: { registry: "m.example.com" } },
      "images.registry: got a mirror of every registry; allowed: nothing with registries.docker.io.mirror; remove one of the two",
    ],
    [
      { registries: { "ghcr.io": { username: "ci", password: "hunter2" } } },
      "registries.ghcr.io.password: got a plain text; allowed: a map; change it",
    ],
    [
      { registries: { "https://ghcr.io": { mirror: "m.example.com" } } },
      'registries.https://ghcr.io: got a name of another form; allowed: hosts of registries such as "ghcr.io" or "registry.example.com:5000"; change it',
    ],
  ])("%j is refused", (values, message) => {
    expect(messageOf(values)).toContain(`  apprun:${message}`);
  });
});
