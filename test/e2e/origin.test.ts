import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPlugins } from "../support/e2e/available.ts";
import { TestProject, wipe } from "../support/e2e/e2e.ts";
import { getSecure } from "../support/e2e/tls.ts";

const STACK = "pr-502";
const HOST = "origin.example.com";
const TLS_PORT = 20_502;

describe.skipIf(!(await hasPlugins("tls")))(
  "an origin that asks for a client certificate (skipped without the plugin tls)",
  () => {
    const project = new TestProject(STACK, {}, STACK, "test/e2e/programs/origin.ts");
    let outputs: Record<"ca" | "certificate" | "key" | "strangerCertificate" | "strangerKey", string>;
    const ask = (tls: object, servername = HOST) =>
      getSecure(TLS_PORT, HOST, "/-/ready", {
        tls: { ca: outputs.ca, servername, checkServerIdentity: () => undefined, ...tls },
      });

    beforeAll(async () => {
      await wipe(STACK);
      mkdirSync(join(project.directory, ".apprun", "state"), { recursive: true });
      writeFileSync(join(project.directory, ".apprun", "passphrase"), "a passphrase for a test\n");
      for (const args of [
        ["stack", "init"],
        ["up", "--yes", "--skip-preview"],
      ]) {
        const { code, stdout, stderr } = await project.pulumi(args);
        expect(code, stdout + stderr).toBe(0);
      }
      outputs = JSON.parse(
        (await project.pulumi(["stack", "output", "--json", "--show-secrets"])).stdout,
      ) as typeof outputs;
    });
    afterAll(() => wipe(STACK));

    it("answers its holder", async () => {
      await expect
        .poll(async () => (await ask({ cert: outputs.certificate, key: outputs.key })).status, { timeout: 20_000 })
        .toBe(200);
    });

    it.each([
      ["nobody's", () => ({})],
      ["somebody else's", () => ({ cert: outputs.strangerCertificate, key: outputs.strangerKey })],
    ])("refuses a request with %s certificate, before it can name a page", async (_, tls) => {
      await expect(ask(tls())).rejects.toThrow(/alert|ECONNRESET|socket hang up/i);
    });

    it("refuses it also where it asks for a host that nobody knows", async () => {
      await expect(ask({ rejectUnauthorized: false }, "shop.example.com")).rejects.toThrow(
        /alert|ECONNRESET|socket hang up/i,
      );
    });
  },
);
