import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { secret } from "@pulumi/pulumi";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Route } from "../../components/model/page.ts";
import { proxyWorkload } from "../../components/platform/docker/proxy.ts";
import { dynamicConfiguration } from "../../components/platform/docker/traefik-routes.ts";
import type { IngressSpec } from "../../components/platform/ingress.ts";
import { hasImage, hasImages } from "../support/e2e/available.ts";
import { docker } from "../support/e2e/e2e.ts";
import { certificateOf, hasPebble, Pebble, SOON } from "../support/e2e/pebble.ts";
import { proxyImage } from "../support/record/ingress.ts";
import { endpoint, RESOURCES } from "../support/record/specs.ts";

const NAME = "apprun-acme-dns-test";
const [PORT, TLS_PORT, ROOTS_PORT] = [10_541, 20_543, 20_544];
const DOMAIN = "example.test";
const HOSTS = [DOMAIN, `auth.${DOMAIN}`];
const TOKEN = "token-of-the-zone";
const DNS = "cloudflare";
const NODE = "node:22-alpine";
const PROGRAM = fileURLToPath(new URL("programs/cloudflare-dns.mjs", import.meta.url));

const directory = mkdtempSync(join(tmpdir(), "apprun-acme-dns-"));
const to = { ...endpoint("app", 8080), replicaHosts: [`${NAME}-app`] };
const ROUTES: readonly Route[] = HOSTS.map((host) => ({ to, audience: "public", rate: "standard", name: host, host }));
const clean = () =>
  docker("rm", "-f", "-v", ...["proxy", "pebble", DNS].map((part) => `${NAME}-${part}`)).catch(() => "");

function specOf(ca: string): IngressSpec {
  const acme = {
    directory: Pebble.directoryUrl,
    email: "ops@example.com",
    ca,
    challenge: { kind: "cloudflare-dns", domain: DOMAIN, token: secret(TOKEN) },
  } as const;
  return { bind: "public", port: PORT, teamPort: PORT, tls: { port: TLS_PORT, source: { kind: "acme", acme } } };
}

describe.skipIf(!hasPebble || !(await hasImages("traefik")) || !(await hasImage(NODE)))(
  "a certificate by the DNS challenge, with a stand-in for Cloudflare's API and name servers",
  () => {
    let root = "";
    const calls = async () => (await docker("logs", `${NAME}-${DNS}`)).split("\n").filter((line) => line !== "");

    beforeAll(async () => {
      await clean();
      await docker("network", "create", NAME).catch(() => "");
      const started = ["run", "-d", "--network", NAME];
      await docker(
        ...[...started, "--name", `${NAME}-${DNS}`, "--network-alias", DNS, "--user", "0"],
        ...["-v", `${PROGRAM}:/cloudflare-dns.mjs:ro`, NODE, "node", "/cloudflare-dns.mjs", DOMAIN, DNS, TOKEN],
      );
      const address = `{{(index .NetworkSettings.Networks "${NAME}").IPAddress}}`;
      const nameServer = (await docker("inspect", "--format", address, `${NAME}-${DNS}`)).trim();
      const pebble = new Pebble(`${NAME}-pebble`);
      root = await pebble.start(NAME, ROOTS_PORT, "-dnsserver", `${nameServer}:53`);
      for (const part of ["routes", "tls", "secrets"]) mkdirSync(join(directory, part));
      writeFileSync(join(directory, "tls", "acme-ca.pem"), pebble.ca);
      const spec = specOf(pebble.ca);
      writeFileSync(join(directory, "routes", "routes.yml"), stringify(dynamicConfiguration(ROUTES, spec)));
      const workload = proxyWorkload({ image: proxyImage, resources: RESOURCES, spec, mounts: [] });
      const { args = [], env = {}, secretFiles = [] } = workload;
      const [file] = secretFiles;
      expect([secretFiles.length, Object.values(env)]).toEqual([1, [file?.path]]);
      writeFileSync(join(directory, "secrets", "token"), TOKEN);
      chmodSync(join(directory, "secrets", "token"), 0o644);
      await docker(
        ...[...started, "--name", `${NAME}-proxy`, "--dns", nameServer, "-p", `127.0.0.1:${TLS_PORT}:8443`],
        ...["-v", `${directory}/routes:/etc/traefik/routes:ro`, "-v", `${directory}/tls:/tls`],
        ...["-v", `${directory}/secrets/token:${file?.path ?? ""}:ro`],
        ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
        // All that differs from a stack's proxy: where Cloudflare is.
        ...["-e", `CLOUDFLARE_BASE_URL=http://${DNS}:8080/client/v4`],
        ...[proxyImage.reference, ...args],
      );
    });
    afterAll(async () => {
      await clean();
      await docker("network", "rm", NAME);
    });

    it("is one for the domain and all names below it", async () => {
      const found = await vi.waitFor(() => Promise.all(HOSTS.map((host) => certificateOf(TLS_PORT, host, root))), SOON);
      const [first, second] = found;
      expect(first?.serial).toBe(second?.serial);
      expect(first?.names.split(", ").sort()).toEqual([`DNS:*.${DOMAIN}`, `DNS:${DOMAIN}`]);
      expect(first?.days).toBeGreaterThan(4);
    });

    it("leaves no record in the zone, and its token in no log", async () => {
      const asked = await calls();
      const made = asked.filter((line) => line.startsWith("POST"));
      expect(made).toHaveLength(2);
      await vi.waitFor(async () => {
        expect((await calls()).filter((line) => line.startsWith("DELETE"))).toHaveLength(made.length);
      }, SOON);
      expect(asked.every((line) => line.endsWith(" 200"))).toBe(true);
      expect(await docker("logs", `${NAME}-proxy`)).not.toContain(TOKEN);
    });

    it("is renewed before it ends", async () => {
      const before = await certificateOf(TLS_PORT, DOMAIN, root);
      await docker("restart", `${NAME}-proxy`);
      await vi.waitFor(async () => {
        expect((await certificateOf(TLS_PORT, DOMAIN, root)).serial).not.toBe(before.serial);
      }, SOON);
      expect(readFileSync(join(directory, "tls/acme.json"), "utf8")).toContain(DOMAIN);
    });
  },
);
