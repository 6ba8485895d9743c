import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPlugins } from "../support/e2e/available.ts";
import { hasCluster, ingressAddress } from "../support/e2e/cluster.ts";
import { TestProject } from "../support/e2e/e2e.ts";
import { getSecure, type SecureRequest } from "../support/e2e/tls.ts";

const HOST = "pr-503.example.com";
// It needs kubectl and a cluster such as k3s, with Traefik and its resources.
describe.skipIf(!(await hasCluster()) || !(await hasPlugins("tls")))(
  "a way in on a real cluster (skipped without a cluster or the plugin tls)",
  () => {
    const project = new TestProject("pr-503", {}, "pr-503", "test/e2e/programs/cluster-ingress.ts");
    let [ca, address] = ["", ""];
    const ask = (path: string, options: SecureRequest = {}, host = HOST, port = 443) =>
      getSecure(port, host, path, { ...options, tls: { ca, host: address, ...options.tls } });
    const pulumi = async (...args: string[]) => {
      const { code, stdout, stderr } = await project.pulumi(args);
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };

    beforeAll(async () => {
      address = await ingressAddress();
      mkdirSync(join(project.directory, ".apprun", "state"), { recursive: true });
      writeFileSync(join(project.directory, ".apprun", "passphrase"), "a passphrase for a test\n");
      await pulumi("stack", "init");
      await pulumi("up", "--yes", "--skip-preview");
      ca = (JSON.parse(await pulumi("stack", "output", "--json")) as { ca: string }).ca;
    });
    afterAll(() => pulumi("destroy", "--yes", "--skip-preview"));

    it("changes nothing in a second up", async () => {
      expect(await pulumi("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes")).toMatch(
        /\d+ unchanged/,
      );
    });

    it("is served with the stack's certificate and its headers", async () => {
      await expect
        .poll(async () => (await ask("/-/ready").catch(() => ({ status: 0 }))).status, {
          timeout: 30_000,
          interval: 500,
        })
        .toBe(200);
      expect((await ask("/-/ready")).headers).toMatchObject({
        "strict-transport-security": "max-age=3600",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
      });
    });

    it("redirects HTTP once", async () => {
      const plain = await new Promise<{ status: number | undefined; location: string | undefined }>(
        (resolve, reject) => {
          request(
            { host: address, port: 80, path: "/-/ready?a=1", headers: { Host: HOST }, agent: false },
            (answer) => {
              answer.resume();
              resolve({ status: answer.statusCode, location: answer.headers.location });
            },
          )
            .on("error", reject)
            .end();
        },
      );
      expect(plain).toEqual({ status: 301, location: `https://${HOST}/-/ready?a=1` });
    });

    it("refuses a body over the limit with 413, and a rate above the class with 429", async () => {
      expect(
        (
          await ask("/-/ready", {
            method: "POST",
            body: "the beginning",
            headers: { "Content-Length": String(2 * 1024 * 1024) },
          })
        ).status,
      ).toBe(413);
      const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await ask("/-/healthy")).status));
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
      expect((await ask("/-/ready")).status).toBe(200);
    });

    it("has no way to what is not public", async () => {
      expect((await ask("/-/ready", { tls: { rejectUnauthorized: false } }, "tools.example.com")).status).toBe(404);
    });
  },
);
