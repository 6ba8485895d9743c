import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { expect, it } from "vitest";
import { imagesCheck, imagesDigests } from "../../../cli/commands/images.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import { captured } from "../../support/fakes/terminal.ts";
import { projectDirectory } from "../../support/run/cli.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const PLATFORMS = ["linux/amd64", "linux/arm64"];

it("check ends with an error that counts what is behind, and shows each", async () => {
  const client = {
    image: (_: string, repository: string) =>
      Promise.resolve(repository === "oryd/kratos" ? undefined : { digest: DIGEST, platforms: PLATFORMS }),
    tags: () => Promise.resolve([]),
  };
  const { kratos, nats } = CATALOGUE;
  const { stdout, error } = await captured(() => imagesCheck({ cwd: ".", json: true }, () => client, { kratos, nats }));
  expect(JSON.parse(stdout)).toMatchObject([
    { image: "kratos", problems: [`the registry has no tag ${kratos.tag}`] },
    { image: "nats", digest: DIGEST, problems: [], sources: nats.sources },
  ]);
  expect(error?.message).toContain("1 of 2 images of the catalogue are not as their registries have them");
});

it("check shows for each image which page says what, and what none says", async () => {
  const client = {
    image: () => Promise.resolve({ digest: DIGEST, platforms: PLATFORMS }),
    tags: () => Promise.resolve([]),
  };
  const { loki, temporalUi } = CATALOGUE;
  const { stdout, error } = await captured(() => imagesCheck({ cwd: "." }, () => client, { loki, temporalUi }));
  expect(error).toBeUndefined();
  const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
  expect(lines).toContainEqual(["loki", "user, tools, paths", loki.sources.user, loki.sources.lookedUp]);
  expect(lines).toContainEqual(["temporalUi", "platforms", "not verified", temporalUi.sources.lookedUp]);
});

it("check says which image it does not ask for, because no public registry has it", async () => {
  const client = { image: () => Promise.reject(new Error("asked")), tags: () => Promise.resolve([]) };
  const { apprun } = CATALOGUE;
  const { stdout, stderr, error } = await captured(() =>
    imagesCheck({ cwd: ".", json: true }, () => client, { apprun }),
  );
  expect(error).toBeUndefined();
  expect(JSON.parse(stdout)).toEqual([]);
  expect(stderr).toBe("not asked: apprun, which no public registry has\n");
});

it("digests asks where the stack pulls from, and writes the stack's file", async () => {
  const asked = new Set<string>();
  const client = {
    image: (host: string, repository: string) => {
      asked.add(`${host}/${repository}`);
      return Promise.resolve({ digest: DIGEST, platforms: PLATFORMS });
    },
  };
  const cwd = projectDirectory("config:\n  apprun:images: { registry: mirror.example.com/hub }\n");
  const { error } = await captured(() => imagesDigests({ stack: "dev", cwd }, () => client));
  expect(error).toBeUndefined();
  expect(asked).toContain("mirror.example.com/hub/library/postgres");
  const written = parse(readFileSync(join(cwd, "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, { registry: string; pins: Record<string, object> }>;
  };
  expect(written.config["apprun:images"]?.registry).toBe("mirror.example.com/hub");
  expect(written.config["apprun:images"]?.pins["postgres"]).toEqual({ tag: CATALOGUE.postgres.tag, digest: DIGEST });
});
