import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPlugins } from "../support/e2e/available.ts";
import { CloudflareApi } from "../support/fakes/cloudflare-api.ts";
import { TestProject } from "../support/e2e/e2e.ts";
import { readTree } from "../support/e2e/inspect.ts";

const ACCOUNT = "a".repeat(32);
const ZONE = "b".repeat(32);
// The provider takes 40 to 80 letters, digits, hyphens and underscores.
const TOKEN = "token-that-only-the-engine-may-know-0123456789";
const RECORDS = `/zones/${ZONE}/dns_records`;
const APPS = `/accounts/${ACCOUNT}/access/apps`;
const POLICIES = `/accounts/${ACCOUNT}/access/policies`;

/** A stack whose program is the edge alone, deployed by the engine's own command. */
class EdgeProject extends TestProject {
  constructor(stack: string) {
    super(stack, {}, `edge-${stack}`, "test/e2e/programs/edge.ts");
    mkdirSync(join(this.directory, ".apprun", "state"), { recursive: true });
    writeFileSync(join(this.directory, ".apprun", "passphrase"), "a passphrase for a test\n");
  }

  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(args);
    this.output += stdout + stderr;
    expect(code, `${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  }

  async init(settings: Record<string, unknown>): Promise<void> {
    this.configure(settings);
    await this.run("stack", "init");
    await this.run("config", "set", "--secret", "apprun:cloudflareApiToken", TOKEN);
    await this.rememberSalt();
  }
}

describe.skipIf(!(await hasPlugins("cloudflare", "tls")))(
  "Cloudflare's API (skipped without the plugins cloudflare and tls)",
  () => {
    const api = new CloudflareApi({ token: TOKEN, zones: { "example.com": ZONE } });
    const [pr, prod] = [new EdgeProject("pr-510"), new EdgeProject("prod")];
    let apiUrl = "";
    const cloudflare = (changes: object = {}) => ({
      enabled: true,
      accountId: ACCOUNT,
      apiUrl,
      zones: [{ name: "example.com" }],
      access: {
        team: { emailDomains: ["example.com"] },
        preview: { emailDomains: ["example.com"], serviceToken: true },
      },
      ...changes,
    });
    const preview = (changes: object = {}) => ({ domain: "pr-510.example.com", cloudflare: cloudflare(changes) });

    beforeAll(async () => {
      apiUrl = await api.start();
    });
    afterAll(() => {
      api.stop();
    });

    it("takes a whole zone: records, settings, rules, origin pulls, Access and a bucket", async () => {
      await prod.init({
        domain: "example.com",
        proxy: { bind: "public" },
        tls: { mode: "origin" },
        cloudflare: cloudflare({
          origin: "proxy",
          address: "203.0.113.7",
          zones: [{ name: "example.com", manage: true }],
          backups: { bucket: "apprun-backups" },
        }),
      });
      await prod.run("up", "--yes", "--skip-preview");
      expect(api.refused).toEqual([]);
      expect(
        api
          .below(RECORDS)
          .map(
            ({ name, type, content, proxied }) =>
              `${String(name)} ${String(type)} ${String(content)} ${String(proxied)}`,
          ),
      ).toEqual([
        "api.example.com A 203.0.113.7 true",
        "auth.example.com A 203.0.113.7 true",
        "example.com A 203.0.113.7 true",
        "grafana.example.com A 203.0.113.7 true",
      ]);
      expect(api.objects.get(`/zones/${ZONE}/settings/ssl`)).toMatchObject({ value: "strict" });
      expect(api.below(`/zones/${ZONE}/rulesets`).map(({ phase }) => phase)).toEqual([
        "http_ratelimit",
        "http_request_cache_settings",
        "http_request_firewall_custom",
        "http_request_firewall_managed",
      ]);
      expect(api.objects.get(`/zones/${ZONE}/origin_tls_client_auth/hostnames/grafana.example.com`)).toMatchObject({
        enabled: true,
      });
      expect(api.objects.get(`/accounts/${ACCOUNT}/r2/buckets/apprun-backups/lifecycle`)).toMatchObject({
        rules: [{ id: "expire" }],
      });
    });

    it("changes nothing in a second up", async () => {
      const before = api.changes.length;
      expect(await prod.run("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes")).toMatch(
        /\d+ unchanged/,
      );
      expect(api.changes.slice(before)).toEqual([]);
    });

    describe("of another stack in the same zone and account", () => {
      let foreign: Map<string, unknown>;
      const untouched = () => {
        for (const [path, body] of foreign) expect(api.objects.get(path), path).toEqual(body);
      };
      let before = 0;
      /** Calls since the last look that change what is not the PR stack's. */
      const trespasses = () =>
        api.changes.slice(before).filter((call) => [...foreign.keys()].some((path) => call.endsWith(` ${path}`)));

      beforeAll(async () => {
        foreign = new Map(structuredClone([...api.objects]));
        before = api.changes.length;
        await pr.init(preview());
      });

      it("takes a PR stack's records, Access applications, token and tunnel", async () => {
        await pr.run("up", "--yes", "--skip-preview");
        expect(api.refused).toEqual([]);
        const own = api.below(RECORDS).filter(({ comment }) => comment === "apprun-pr-510-edge");
        expect(own.map(({ name }) => name)).toEqual([
          "api.pr-510.example.com",
          "auth.pr-510.example.com",
          "grafana.pr-510.example.com",
          "pr-510.example.com",
        ]);
        const [tunnel] = api.below(`/accounts/${ACCOUNT}/cfd_tunnel`);
        expect(own.map(({ content }) => content)).toEqual(Array(4).fill(`${String(tunnel?.["id"])}.cfargotunnel.com`));
        const apps = api.below(APPS).filter(({ name }) => String(name).startsWith("apprun-pr-510-edge"));
        expect(apps).toHaveLength(5);
        const policies = new Map(api.below(POLICIES).map(({ id, name }) => [id, name]));
        const app = apps.find(({ name }) => name === "apprun-pr-510-edge app");
        expect((app?.["policies"] as { id: string }[]).map(({ id }) => policies.get(id))).toEqual([
          "apprun-pr-510-edge preview machines",
          "apprun-pr-510-edge preview people",
        ]);
        untouched();
        expect(trespasses()).toEqual([]);
      });

      it("changes its policies in place", async () => {
        const ids = () => api.below(APPS).map(({ id }) => id);
        const sameApps = ids();
        pr.configure(
          preview({
            access: {
              team: { emailDomains: ["example.com"] },
              preview: { emailDomains: ["example.org"], serviceToken: true },
            },
          }),
        );
        await pr.run("up", "--yes", "--skip-preview");
        expect(api.refused).toEqual([]);
        expect(ids()).toEqual(sameApps);
        const policy = api.below(POLICIES).find(({ name }) => name === "apprun-pr-510-edge preview people");
        expect(policy?.["include"]).toEqual([{ email_domain: { domain: "example.org" } }]);
        untouched();
        expect(trespasses()).toEqual([]);
      });

      it("deletes all of it and nothing else", async () => {
        await pr.run("destroy", "--yes", "--skip-preview");
        expect([...api.objects.keys()].filter((path) => !path.endsWith("/configurations")).sort()).toEqual(
          [...foreign.keys()].sort(),
        );
        untouched();
        expect(trespasses()).toEqual([]);
      });
    });

    it("shows the token to nobody", () => {
      const state = [pr, prod].map(({ directory }) => readTree(join(directory, ".apprun", "state"))).join("");
      expect(state.length).toBeGreaterThan(1000);
      expect(state).not.toContain(TOKEN);
      expect(pr.output + prod.output).not.toContain(TOKEN);
    });
  },
);
