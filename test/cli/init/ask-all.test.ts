import { describe, expect, it } from "vitest";
import { askAll, type GivenAnswers } from "../../../cli/init/ask-all.ts";
import { captured } from "../../support/fakes/terminal.ts";

/** The answers after these lines were typed, and every question that was asked. */
async function typed(stack: string, lines: readonly string[], given: GivenAnswers = {}) {
  const left = [...lines];
  const questions: string[] = [];
  let answers: object = {};
  const { error, stderr } = await captured(async () => {
    answers = await askAll(stack, given, (question) => {
      questions.push(question);
      const line = left.shift();
      return line === undefined
        ? Promise.reject(new Error(`nothing is typed for: ${question}`))
        : Promise.resolve(line);
    });
  });
  if (error !== undefined) throw error;
  return { answers, stderr, questions: questions.length, left };
}

describe("at a terminal", () => {
  it("asks only what the answers before leave open", async () => {
    const docker = await typed("dev", ["docker", "", "", "", "", ""]);
    expect(docker).toMatchObject({ answers: { stack: "dev", target: "docker" }, questions: 6, left: [] });
    const cluster = await typed("prod", [
      "kubernetes",
      "fast",
      "shop.example.com",
      "",
      "ghcr.io/example/shop:1.4.2",
      "3000",
      "noreply@example.com",
      "https://s3.example.com/backups/one",
      "",
    ]);
    expect(cluster.left).toEqual([]);
    expect(cluster.answers).toEqual({
      stack: "prod",
      target: "kubernetes",
      storageClass: "fast",
      domain: "shop.example.com",
      clusterIssuer: "letsencrypt",
      appImage: "ghcr.io/example/shop:1.4.2",
      appPort: "3000",
      mailFrom: "noreply@example.com",
      backupBucket: "https://s3.example.com/backups/one",
    });
  });

  it("asks nothing that an option answers", async () => {
    const given = { target: "k3s", domain: "shop.example.com", appImage: "shop:1", mailFrom: "a@example.com" } as const;
    // What is left: the issuer, the app's port, the bucket.
    expect((await typed("dev", ["", "", ""], given)).questions).toBe(3);
  });

  it("asks again until the answer is one, and says what is allowed", async () => {
    const { answers, stderr } = await typed("prod", [
      "vps",
      "docker",
      "",
      "",
      "shop.example.com",
      "nobody",
      "ops@example.com",
      "ghcr.io/example/shop:latest",
      "ghcr.io/example/shop:1.4.2",
      "",
      "",
      "",
    ]);
    expect(answers).toMatchObject({ target: "docker", domain: "shop.example.com", appPort: "8080" });
    expect(stderr.split("\n")).toEqual([
      '  --target: got "vps"; allowed: one of "docker", "k3s", "kubernetes"; change it; nothing was written',
      '  --domain: got ""; allowed: a host name in lower case such as "example.com"; change it; nothing was written',
      '  --acme-email: got "nobody"; allowed: a mail address such as "ops@example.com"; change it; nothing was written',
      '  --app-image: got "ghcr.io/example/shop:latest"; allowed: an image with its tag, such as "ghcr.io/example/shop:1.4.2"; never latest; change it; nothing was written',
      "",
    ]);
  });
});

describe("without a terminal", () => {
  const DOCKER = { target: "docker" } as const;
  const LIVE = { ...DOCKER, domain: "shop.example.com", acmeEmail: "ops@example.com" };

  it("takes what the options say", async () => {
    expect(await askAll("dev", DOCKER, undefined)).toEqual({ stack: "dev", ...DOCKER });
    const all = { ...LIVE, appImage: "example/shop:7", dockerHost: "ssh://deploy@host" };
    expect(await askAll("prod", all, undefined)).toEqual({ stack: "prod", ...all, appPort: "8080" });
  });

  it.each<[string, string, GivenAnswers, string]>([
    ["dev", "the target", {}, '--target: got nothing, and there is no terminal to ask at; allowed: one of "docker"'],
    ["staging", "the domain", DOCKER, "--domain: got nothing"],
    ["prod", "the authority's address", { ...DOCKER, domain: "a.example.com" }, "--acme-email: got nothing"],
    ["prod", "the app", LIVE, "--app-image: got nothing"],
    ["dev", "the class of volumes", { target: "kubernetes" }, "--storage-class: got nothing"],
  ])("for %s misses %s by its option", async (stack, _, given, message) => {
    await expect(askAll(stack, given, undefined)).rejects.toThrow(message);
  });

  it.each<[string, GivenAnswers, string]>([
    ["an address that is none", { ...DOCKER, dockerHost: "vps" }, '--docker-host: got "vps"; allowed: unix:///path'],
    [
      "a Docker host with a cluster",
      { target: "k3s", dockerHost: "ssh://vps" },
      '--docker-host: got "ssh://vps"; allowed: nothing with the other answers',
    ],
    [
      "a port without an app",
      { ...DOCKER, appPort: "3000" },
      '--app-port: got "3000"; allowed: nothing with the other answers',
    ],
    [
      "a port that is none",
      { ...LIVE, appImage: "shop:1", appPort: "70000" },
      '--app-port: got "70000"; allowed: a port from 1 to 65535',
    ],
    ["a region without a bucket", { ...DOCKER, region: "eu" }, '--region: got "eu"; allowed: nothing'],
    [
      "a bucket with a key in it, which is not shown",
      { ...DOCKER, backupBucket: "https://id:key@s3.example.com/b" },
      '--backup-bucket: got "https://***@s3.example.com/b"; allowed: endpoint, bucket and prefix in one',
    ],
  ])("refuses %s", async (_, given, message) => {
    await expect(askAll("dev", given, undefined)).rejects.toThrow(message);
  });
});
