import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Route } from "../../components/model/page.ts";
import { proxyWorkload } from "../../components/platform/docker/proxy.ts";
import { dynamicConfiguration } from "../../components/platform/docker/traefik-routes.ts";
import type { IngressSpec } from "../../components/platform/ingress.ts";
import { hasImages } from "../support/e2e/available.ts";
import { docker, get } from "../support/e2e/e2e.ts";
import { certificateOf, hasPebble, Pebble, SOON } from "../support/e2e/pebble.ts";
import { proxyImage } from "../support/record/ingress.ts";
import { endpoint, RESOURCES } from "../support/record/specs.ts";

const NAME = "apprun-acme-test";
const [PORT, TLS_PORT, ROOTS_PORT] = [10_540, 20_540, 20_541];
const [APEX, WWW] = ["example.test", "www.example.test"];

const directory = mkdtempSync(join(tmpdir(), "apprun-acme-"));
const read = (file: string) => readFileSync(join(directory, file), "utf8");

function specOf(ca: string): IngressSpec {
  const acme = {
    directory: Pebble.directoryUrl,
    email: "ops@example.com",
    ca,
    challenge: { kind: "http" },
  } as const;
  return { bind: "public", port: PORT, teamPort: PORT, tls: { port: TLS_PORT, source: { kind: "acme", acme } } };
}

const to = { ...endpoint("app", 8080), replicaHosts: [`${NAME}-app`] };
const COMMON = { to, audience: "public", rate: "standard" } as const;
const ROUTES: readonly Route[] = [
  { ...COMMON, name: "app", host: APEX },
  { ...COMMON, name: "websocket", host: APEX, path: "/ws" },
  { ...COMMON, name: "www", host: WWW, redirectsTo: APEX },
];

const clean = () => docker("rm", "-f", "-v", `${NAME}-proxy`, `${NAME}-pebble`).catch(() => "");
describe.skipIf(!hasPebble || !(await hasImages("traefik")))(
  "certificates of an ACME authority of the operator's own",
  () => {
    let root = "";
    beforeAll(async () => {
      await clean();
      await docker("network", "create", NAME).catch(() => "");
      const pebble = new Pebble(`${NAME}-pebble`);
      root = await pebble.start(NAME, ROOTS_PORT);
      for (const part of ["routes", "tls"]) mkdirSync(join(directory, part));
      writeFileSync(join(directory, "tls", "acme-ca.pem"), pebble.ca);
      const spec = specOf(pebble.ca);
      writeFileSync(join(directory, "routes", "routes.yml"), stringify(dynamicConfiguration(ROUTES, spec)));
      const { args = [] } = proxyWorkload({ image: proxyImage, resources: RESOURCES, spec, mounts: [] });
      await docker(
        ...["run", "-d", "--network", NAME, "--name", `${NAME}-proxy`, "--network-alias", APEX, "--network-alias", WWW],
        ...["-p", `127.0.0.1:${PORT}:8000`, "-p", `127.0.0.1:${TLS_PORT}:8443`],
        ...["-v", `${directory}/routes:/etc/traefik/routes:ro`, "-v", `${directory}/tls:/tls`],
        ...[proxyImage.reference, ...args],
      );
    });
    afterAll(async () => {
      await clean();
      await docker("network", "rm", NAME);
    });

    it.each([APEX, WWW])("%s has one, by the HTTP challenge", async (host) => {
      const { days } = await vi.waitFor(() => certificateOf(TLS_PORT, host, root), SOON);
      expect(days).toBeGreaterThan(4);
      expect(days).toBeLessThan(6);
    });

    it("the challenge leaves the redirect to HTTPS as it is", async () => {
      expect((await get(PORT, APEX, "/")).status).toBe(301);
    });

    it("each is renewed before it ends, and what was ordered is kept over a restart", async () => {
      const before = await Promise.all([APEX, WWW].map((host) => certificateOf(TLS_PORT, host, root)));
      const account = /"Registration".*?"uri": "([^"]+)"/s.exec(read("tls/acme.json"))?.[1];
      expect(account).toBeDefined();
      await docker("restart", `${NAME}-proxy`);
      await vi.waitFor(async () => {
        const after = await Promise.all([APEX, WWW].map((host) => certificateOf(TLS_PORT, host, root)));
        for (const [at, { serial }] of after.entries()) expect(serial).not.toBe(before[at]?.serial);
      }, SOON);
      expect(read("tls/acme.json")).toContain(account);
    });
  },
);
