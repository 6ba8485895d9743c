import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { initNew, type InitNewOptions } from "../../../cli/commands/init-new.ts";
import { captured } from "../../support/fakes/terminal.ts";
import { cli } from "../../support/run/cli.ts";

function clone(name = "apprun"): string {
  const directory = mkdtempSync(join(tmpdir(), "init-"));
  writeFileSync(join(directory, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  return directory;
}

const run = (options: Partial<InitNewOptions> & { readonly cwd: string }) =>
  captured(() => initNew({ stack: "prod", ...options }, undefined));

const ALL = {
  target: "docker",
  dockerHost: "ssh://deploy@vps",
  domain: "shop.example.com",
  acmeEmail: "ops@example.com",
  appImage: "ghcr.io/example/shop:7",
  appPort: "3000",
  mailFrom: "noreply@example.com",
  backupBucket: "https://s3.example.com/backups/one",
} as const;

describe("init without a backup", () => {
  it("writes the stack's file with its comments, and says what to run in order", async () => {
    const cwd = clone();
    const { error, stdout, stderr } = await run({ cwd, ...ALL });
    expect(error).toBeUndefined();
    expect(readFileSync(join(cwd, "Pulumi.prod.yaml"), "utf8"))
      .toBe(`# yaml-language-server: $schema=./Pulumi.schema.json
# docs/settings.md has every setting.
config:
  # The Docker Engine that it runs on; ssh:// uses your own keys.
  apprun:docker:
    host: ssh://deploy@vps
  # Its DNS records, and those of every name below it, lead to where it runs.
  apprun:domain: shop.example.com
  apprun:proxy:
    bind: public
  apprun:tls:
    mode: acme
    acme:
      email: ops@example.com
  # docs/your-app.md says what each line is for.
  apprun:app:
    image:
      registry: ghcr.io
      repository: example/shop
      tag: "7"
      # The user that the image is made for, never root.
      uid: 1000
      gid: 1000
      # What the image has to ask paths.health with: wget or curl.
      probeTool: wget
    port: 3000
    paths:
      health: /health
      metrics: none
    # The names under which your app is told of the database and the rest.
    variablesPreset: none
    variables:
      DATABASE_URL: "{database.url}"
      BASE_URL: "{app.url}"
  # The login; docs/your-login.md.
  apprun:kratos:
    mailFrom: noreply@example.com
  # Every set, and the engine's state, encrypted; docs/backups.md.
  apprun:backup:
    remote:
      endpoint: https://s3.example.com
      bucket: backups
      prefix: one
  # What this file leaves open; without its line the policy stops an \`up\`.
  apprun:policies:
    accept:
      image-digest: tags of versions are enough here; images.pins and app.image.digest pin digests
`);
    expect(stderr).toBe("Pulumi.prod.yaml is written; look at it, then run:\n");
    expect(stdout).toBe(`mkdir -p .apprun/state
[ -e .apprun/passphrase ] || (umask 077; openssl rand -base64 32 > .apprun/passphrase)
export PULUMI_CONFIG_PASSPHRASE_FILE=$PWD/.apprun/passphrase
npx pulumi stack init prod
npx pulumi config set --secret apprun:smtpUri --stack prod
npx pulumi config set --secret apprun:backupAccessKeyId --stack prod
npx pulumi config set --secret apprun:backupSecretAccessKey --stack prod
npm run plan -- --stack prod
npm run up -- --stack prod
`);
  });

  it("says the same as JSON, with the keys of the project's own name", async () => {
    const cwd = clone("shop");
    const { stdout } = await run({ cwd, stack: "dev", target: "k3s", json: true });
    expect(JSON.parse(stdout)).toEqual({
      stack: "dev",
      file: "Pulumi.dev.yaml",
      secrets: [],
      next: ["npm run plan -- --stack dev", "npm run up -- --stack dev"],
    });
    expect(readFileSync(join(cwd, "Pulumi.dev.yaml"), "utf8")).toContain("\n  shop:platform: kubernetes\n");
  });

  it.each<[string, (cwd: string) => Partial<InitNewOptions>, string]>([
    [
      "a stack that has a file, which stays as it is",
      (cwd) => {
        writeFileSync(join(cwd, "Pulumi.prod.yaml"), "config: {}\n");
        return ALL;
      },
      "init: got stack prod, which has the file Pulumi.prod.yaml; allowed: a stack without one: no file is overwritten",
    ],
    [
      "a stack of a pull request",
      () => ({ ...ALL, stack: "pr-7" }),
      "init: got stack pr-7; allowed: dev, test, staging or prod",
    ],
    ["a name that is none", () => ({ ...ALL, stack: "../x" }), 'stack name: got "../x"'],
    [
      "an answer that is missing",
      () => ({ ...ALL, appImage: undefined, appPort: undefined }),
      "--app-image: got nothing",
    ],
    // What only the settings' own rules know.
    ["what the stack would refuse", () => ({ ...ALL, domain: "shop.localhost" }), "Pulumi.prod.yaml has "],
  ])("refuses %s", async (_, given, message) => {
    const cwd = clone();
    const options = given(cwd);
    const before = existsSync(join(cwd, "Pulumi.prod.yaml"));
    const { error } = await run({ cwd, ...options });
    expect(error?.message).toContain(message);
    expect(existsSync(join(cwd, "Pulumi.prod.yaml"))).toBe(before);
  });
});

describe("the command line", () => {
  it("begins a new stack without --from-backup", async () => {
    const cwd = clone();
    const { code, stdout, stderr } = await cli(["init", "--target", "docker", "--stack", "test", "--cwd", cwd]);
    expect([code, stderr]).toEqual([0, "Pulumi.test.yaml is written; look at it, then run:\n"]);
    expect(stdout).toBe("npm run plan -- --stack test\nnpm run up -- --stack test\n");
    const plan = await cli(["plan", "--stack", "test", "--cwd", cwd, "--json"]);
    expect(plan.code, plan.stderr).toBe(0);
  });

  it.each([
    [
      ["--ca", "x.pem"],
      "init: got --ca without --from-backup; allowed: options of a new stack; leave one of the two out",
    ],
    [
      ["--from-backup", "https://s3.example.com/b", "--app-image", "shop:1"],
      "init: got --app-image with --from-backup; allowed: a stack whose settings come from the bucket",
    ],
    [[], "--target: got nothing, and there is no terminal to ask at"],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await cli(["init", ...args, "--cwd", clone()]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
