import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { get as secureGet } from "node:https";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Route } from "../../components/model/page.ts";
import { proxyWorkload } from "../../components/platform/docker/proxy.ts";
import { dynamicConfiguration } from "../../components/platform/docker/traefik-routes.ts";
import type { IngressSpec } from "../../components/platform/ingress.ts";
import { hasImages } from "../support/e2e/available.ts";
import { docker, get } from "../support/e2e/e2e.ts";
import { proxyImage } from "../support/record/ingress.ts";
import { endpoint, RESOURCES } from "../support/record/specs.ts";

const PEBBLE = "ghcr.io/letsencrypt/pebble:2.8.0";
const NAME = "apprun-acme-test";
const [PORT, TLS_PORT, ROOTS_PORT] = [10_540, 20_540, 20_541];
const [APEX, WWW] = ["example.test", "www.example.test"];
const DAY = 86_400;
/** Shorter than the time before its end in which a certificate is renewed. */
const VALIDITY = 5 * DAY;

const directory = mkdtempSync(join(tmpdir(), "apprun-acme-"));
const read = (file: string) => readFileSync(join(directory, file), "utf8");

/** An authority of the operator's own, which signs the directory's certificate. */
function authority(): string {
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: join(directory, "pebble"), stdio: "ignore" });
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-subj", "/CN=own root", "-keyout", "ca-key.pem", "-out", "ca.pem");
  const names = ["-subj", "/CN=pebble", "-addext", "subjectAltName=DNS:pebble"];
  const signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-addext", "basicConstraints=CA:FALSE"];
  openssl("req", "-x509", ...key, ...names, ...signed, "-keyout", "key.pem", "-out", "cert.pem");
  return read("pebble/ca.pem");
}

function specOf(ca: string): IngressSpec {
  const acme = {
    directory: "https://pebble:14000/dir",
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

/** The certificate of a host, which a client that trusts the authority's root takes. */
async function certificateOf(host: string, ca: string): Promise<{ readonly serial: string; readonly days: number }> {
  const socket: TLSSocket = connect({ host: "127.0.0.1", port: TLS_PORT, servername: host, ca });
  await once(socket, "secureConnect");
  const { serialNumber, valid_to: end } = socket.getPeerCertificate();
  socket.destroy();
  return { serial: serialNumber, days: (Date.parse(end) - Date.now()) / 1000 / DAY };
}

async function rootOf(ca: string): Promise<string> {
  const call = secureGet({ host: "127.0.0.1", port: ROOTS_PORT, path: "/roots/0", servername: "pebble", ca });
  const [answer] = (await once(call, "response")) as [IncomingMessage];
  return text(answer);
}

const clean = () => docker("rm", "-f", "-v", `${NAME}-proxy`, `${NAME}-pebble`).catch(() => "");
const hasPebble = await docker("image", "inspect", PEBBLE).then(
  () => true,
  () => false,
);

describe.skipIf(!hasPebble || !(await hasImages("traefik")))(
  "certificates of an ACME authority of the operator's own",
  () => {
    let root = "";
    const soon = { timeout: 60_000, interval: 500 };

    beforeAll(async () => {
      await clean();
      await docker("network", "create", NAME).catch(() => "");
      for (const part of ["pebble", "routes", "tls"]) mkdirSync(join(directory, part));
      const ca = authority();
      writeFileSync(
        join(directory, "pebble", "config.json"),
        JSON.stringify({
          pebble: {
            listenAddress: "0.0.0.0:14000",
            managementListenAddress: "0.0.0.0:15000",
            certificate: "/config/cert.pem",
            privateKey: "/config/key.pem",
            httpPort: 8000,
            tlsPort: 8443,
            profiles: { default: { description: "short", validityPeriod: VALIDITY } },
          },
        }),
      );
      writeFileSync(join(directory, "tls", "acme-ca.pem"), ca);
      writeFileSync(join(directory, "routes", "routes.yml"), stringify(dynamicConfiguration(ROUTES, specOf(ca))));
      const started = ["run", "-d", "--network", NAME];
      await docker(
        ...[...started, "--name", `${NAME}-pebble`, "--network-alias", "pebble", "-p", `127.0.0.1:${ROOTS_PORT}:15000`],
        ...["-v", `${directory}/pebble:/config:ro`, "-e", "PEBBLE_VA_NOSLEEP=1", "-e", "PEBBLE_WFE_NONCEREJECT=0"],
        ...[PEBBLE, "-config", "/config/config.json"],
      );
      root = await vi.waitFor(() => rootOf(ca), soon);
      const { args = [] } = proxyWorkload({ image: proxyImage, resources: RESOURCES, spec: specOf(ca), mounts: [] });
      await docker(
        ...[...started, "--name", `${NAME}-proxy`, "--network-alias", APEX, "--network-alias", WWW],
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
      const { days } = await vi.waitFor(() => certificateOf(host, root), soon);
      expect(days).toBeGreaterThan(4);
      expect(days).toBeLessThan(6);
    });

    it("the challenge leaves the redirect to HTTPS as it is", async () => {
      expect((await get(PORT, APEX, "/")).status).toBe(301);
    });

    it("each is renewed before it ends, and what was ordered is kept over a restart", async () => {
      const before = await Promise.all([APEX, WWW].map((host) => certificateOf(host, root)));
      const account = /"Registration".*?"uri": "([^"]+)"/s.exec(read("tls/acme.json"))?.[1];
      expect(account).toBeDefined();
      await docker("restart", `${NAME}-proxy`);
      await vi.waitFor(async () => {
        const after = await Promise.all([APEX, WWW].map((host) => certificateOf(host, root)));
        for (const [at, { serial }] of after.entries()) expect(serial).not.toBe(before[at]?.serial);
      }, soon);
      expect(read("tls/acme.json")).toContain(account);
    });
  },
);
