import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hasClusterReferences,
  ingressAddress,
  kubectl,
  pods,
  psqlIn,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import { TestProject } from "../support/e2e/e2e.ts";
import { askPage, FILES, KEY, SERVICES, WITH_SECRET, writeNote } from "../support/e2e/own-services.ts";

const STACK = "pr-877";
const NAMESPACE = `apprun-${STACK}`;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL_CLUSTER,
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  alerting: OFF,
  backup: { enabled: true },
  services: SERVICES,
};

const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
const inTicker = (...command: string[]) => inNamespace("exec", "statefulset/ticker", "--", ...command);
/** Services whose pods are others; what is new or gone counts too. */
function changed(before: Record<string, string>, after: Record<string, string>): readonly string[] {
  const names = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  return [...new Set(names.map((name) => name.replace(/(-[a-z0-9]+)?-[a-z0-9]+$/, "")))].sort();
}

describe.skipIf(!(await hasClusterReferences("library/node:22-alpine", "library/postgres:17-alpine")))(
  "a frontend, a worker and a cron job of your own on a real cluster (skipped without one, or where no node has their images)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    const ok = async (...args: string[]) => {
      const { code, stdout, stderr } = await project.cli(args);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
      return { stdout, stderr };
    };
    const sql = async (statement: string, database: string) => (await psqlIn(NAMESPACE, statement, database)).trim();
    const page = async () => askPage(80, STACK, await ingressAddress());
    const ticks = () => sql("select count(*) from ticks", "ticker").then(Number);

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      writeNote(project, "of the project\n");
    });
    afterAll(() => wipeCluster(NAMESPACE));

    it("come up and reach what they connect to", async () => {
      await ok("up");
      expect(await page()).toEqual({
        text: "first",
        note: "of the project\n",
        login: `http://auth.${STACK}.localhost`,
        app: 200,
      });
      await expect.poll(ticks, { timeout: 30_000 }).toBeGreaterThan(1);
    });

    it("are left alone by a second up", async () => {
      const before = await pods(NAMESPACE);
      const { stderr } = await ok("up");
      expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await pods(NAMESPACE)).toEqual(before);
    });

    it("roll alone for a variable, for a file of the project and for another value of a secret", async () => {
      let before = await pods(NAMESPACE);
      const rolled = async () => {
        await ok("up");
        // Until no pod of the version before is left.
        await inNamespace("rollout", "status", "deployment/web", "--timeout=120s");
        const after = await pods(NAMESPACE);
        const names = changed(before, after);
        before = after;
        return names;
      };
      project.configure({ ...SETTINGS, services: { ...SERVICES, web: { ...SERVICES.web, env: { TEXT: "second" } } } });
      expect([await rolled(), (await page()).text]).toEqual([["web"], "second"]);
      project.configure(SETTINGS);
      writeNote(project, "another\n");
      expect([await rolled(), (await page()).note]).toEqual([["web"], "another\n"]);
      project.configure({ ...SETTINGS, services: WITH_SECRET });
      for (const value of ["sk_live_first", "sk_live_second"]) {
        const set = await project.pulumi(["config", "set", "--secret", "--path", "apprun:secrets.stripe", value]);
        expect(set.code, set.stderr).toBe(0);
        await project.rememberSalt();
        expect([await rolled(), (await inTicker("printenv", "STRIPE_KEY")).trim()]).toEqual([["ticker"], value]);
      }
      expect(await inNamespace("get", "statefulset", "ticker", "--output", "json")).not.toContain("sk_live");
      expect(project.output).not.toContain("sk_live");
    });

    it("run at set times, on the app's database as the app", async () => {
      await expect
        .poll(() => sql("select tableowner from pg_tables where tablename = 'tidied'", "apprun"), { timeout: 90_000 })
        .toBe("apprun");
    });

    it("come back from a backup, database and volume", async () => {
      await ok("backup");
      const first = await sql("select min(at) from ticks", "ticker");
      await inTicker("sh", "-c", `echo lost >${FILES}/added`);
      await sql("truncate ticks", "ticker");
      await ok("restore", "--confirm", STACK);
      expect(await sql("select min(at) from ticks", "ticker")).toBe(first);
      const files = (await inTicker("ls", FILES)).split("\n");
      expect([files.includes("added"), files.includes("last")]).toEqual([false, true]);
      expect((await page()).text).toBe("first");
    });

    it("differ in nothing from the model, by doctor", async () => {
      const { stdout } = await project.cli(["doctor", "--json"]);
      const { findings } = JSON.parse(stdout) as { findings: { message: string }[] };
      expect(findings.filter(({ message }) => /\b(ticker|tidy|web)\b/.test(message))).toEqual([]);
    });

    it("are switched off with their data kept, refused to be dropped, and come back to it", async () => {
      const { web, tidy } = SERVICES;
      project.configure({ ...SETTINGS, services: { web, tidy, ticker: { ...WITH_SECRET.ticker, enabled: false } } });
      await ok("up");
      expect(Object.keys(await pods(NAMESPACE)).filter((name) => name.startsWith("ticker"))).toEqual([]);
      expect(await inNamespace("get", "persistentvolumeclaims", "--output", "name")).toContain("ticker-files");
      const kept = await ticks();
      expect(kept).toBeGreaterThan(0);
      // A secret that no setting names would be refused first.
      project.configure({ ...SETTINGS, services: { web: { ...web, env: { ...web.env, ...KEY } }, tidy } });
      const { code, stderr } = await project.cli(["up"]);
      expect(code).not.toBe(0);
      expect(stderr).toContain("the settings would drop what holds data");
      expect(stderr).toContain("ticker-files");
      project.configure({ ...SETTINGS, services: WITH_SECRET });
      await ok("up");
      expect(await ticks()).toBeGreaterThanOrEqual(kept);
    });
  },
);
