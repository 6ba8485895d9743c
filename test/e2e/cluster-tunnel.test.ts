import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasClusterWith, kubectl } from "../support/e2e/cluster.ts";
import { TestProject } from "../support/e2e/e2e.ts";

const NAMESPACE = "apprun-pr-504";
const HOST = "pr-504.example.com";

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

// Neither cloudflared nor Cloudflare: what delivers is a stand-in, and the controller, its rules and the policies are real.
describe.skipIf(!(await hasClusterWith("sampleApp")))(
  "a tunnel in front of a real cluster (skipped without one, or without the sample app's image there)",
  () => {
    const project = new TestProject("pr-504", {}, "pr-504", "test/e2e/programs/cluster-tunnel.ts");
    let entry = "";
    const pulumi = async (...args: string[]) => {
      const { code, stdout, stderr } = await project.pulumi(args);
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };
    /** Asks several times at once from a pod of a workload; status 0 where no connection comes about. */
    const askAll = async (workload: string, times: number, path = "/", host = HOST, client = "203.0.113.9") => {
      const program = `
        const headers = { Host: "${host}", "Cf-Connecting-Ip": "${client}" };
        const ask = () => new Promise((resolve) =>
          require("http")
            .get("http://${entry}${path}", { headers, timeout: 3000 }, (answer) => {
              let text = "";
              answer.on("data", (part) => (text += part));
              answer.on("end", () => resolve({ status: answer.statusCode, text }));
            })
            .on("timeout", function () { this.destroy(new Error("no answer")); })
            .on("error", () => resolve({ status: 0, text: "" })));
        Promise.all(Array.from({ length: ${times} }, ask)).then((all) => console.log(JSON.stringify(all)));`;
      const command = ["exec", `deployment/${workload}`, "--", "node", "-e", program];
      const answers = JSON.parse(await kubectl("--namespace", NAMESPACE, ...command)) as {
        status: number;
        text: string;
      }[];
      return answers.map(({ status, text }): Answer => ({
        status,
        ...(status === 200 && { headers: JSON.parse(text) as Record<string, string> }),
      }));
    };
    const ask = async (...[workload, ...rest]: [string, string?, string?, string?]) =>
      (await askAll(workload, 1, ...rest))[0]!;

    beforeAll(async () => {
      mkdirSync(join(project.directory, ".apprun", "state"), { recursive: true });
      writeFileSync(join(project.directory, ".apprun", "passphrase"), "a passphrase for a test\n");
      await pulumi("stack", "init");
      await pulumi("up", "--yes", "--skip-preview");
      entry = (JSON.parse(await pulumi("stack", "output", "--json")) as { entry: string }).entry;
    });
    afterAll(() => pulumi("destroy", "--yes", "--skip-preview"));

    it("changes nothing in a second up", async () => {
      expect(await pulumi("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes")).toMatch(
        /\d+ unchanged/,
      );
    });

    it("brings requests by the controller to services, which are told of HTTPS and of the client", async () => {
      await expect.poll(async () => (await ask("tunnel")).status, { timeout: 60_000, interval: 1000 }).toBe(200);
      const { headers } = await ask("tunnel");
      expect(headers).toMatchObject({
        host: HOST,
        "x-forwarded-proto": "https",
        "x-forwarded-port": "443",
        "cf-connecting-ip": "203.0.113.9",
      });
    });

    it("counts each client apart", async () => {
      const statuses = (await askAll("tunnel", 8, "/login")).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
      expect((await ask("tunnel", "/login", HOST, "203.0.113.10")).status).toBe(200);
    });

    it("serves no route of operators", async () => {
      expect((await ask("tunnel", "/", "tools.example.com")).status).toBe(404);
    });

    it("is the only pod that reaches the controller, also of those that may reach the outside", async () => {
      expect((await ask("bystander")).status).toBe(0);
      expect((await ask("web")).status).toBe(0);
    });

    it("has two clients, and goes on while a drain takes one", async () => {
      const [first = ""] = (
        await kubectl(
          "--namespace",
          NAMESPACE,
          "get",
          "pods",
          "--selector",
          "app.kubernetes.io/name=tunnel",
          "--output",
          "name",
        )
      ).split("\n");
      const budget = await kubectl(
        "--namespace",
        NAMESPACE,
        "get",
        "poddisruptionbudget",
        "tunnel",
        "--output",
        "jsonpath={.status.disruptionsAllowed} {.status.currentHealthy}",
      );
      expect(budget).toBe("1 2");
      await kubectl("--namespace", NAMESPACE, "delete", first, "--wait=false");
      await expect
        .poll(async () => (await ask("tunnel").catch(() => ({ status: 0 }))).status, { timeout: 20_000 })
        .toBe(200);
    });
  },
);
