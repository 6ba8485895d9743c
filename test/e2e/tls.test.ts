import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPlugins } from "../support/e2e/available.ts";
import { WebSocket } from "ws";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { getSecure, handshake, type SecureRequest } from "../support/e2e/tls.ts";

const STACK = "pr-501";
const [PORT, TLS_PORT] = [10_501, 20_501];
const HOST = `${STACK}.localhost`;
const NOTHING_CHANGED = /Resources:\s+\d+ unchanged/;
const name = (service: string) => `apprun-${STACK}-${service}`;
const MEBIBYTE = 1024 * 1024;

const SETTINGS = {
  ...SMALL,
  app: { ...SMALL.app, replicas: 3 },
  temporal: { enabled: false },
  grafana: { enabled: false },
  prometheus: { enabled: false },
  tls: { mode: "local-ca", hsts: "1h" },
  limits: { maxBody: "4Mi", rates: { standard: { average: 10_000, burst: 10_000 }, login: { average: 1, burst: 3 } } },
};

describe.skipIf(!(await hasPlugins("tls")))(
  "a stack with TLS of its own authority (skipped without the plugin tls)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    let ca = "";
    const openSocket = () =>
      new WebSocket(`wss://${HOST}:${TLS_PORT}/ws`, {
        createConnection: () => connect({ host: "127.0.0.1", port: TLS_PORT, servername: HOST, ca }),
      });
    const ask = (path: string, options: SecureRequest = {}, host = HOST) =>
      getSecure(TLS_PORT, host, path, { ...options, tls: { ca, ...options.tls } });

    beforeAll(() => wipe(STACK));
    afterAll(() => wipe(STACK));

    it("comes up and prints the certificate to trust", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      const printed = await project.cli(["ca"]);
      expect(printed.code, printed.stderr).toBe(0);
      ca = printed.stdout;
      expect(ca).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
      await expect.poll(async () => (await ask("/health")).status, { timeout: 20_000 }).toBe(200);
    });

    it("changes nothing in a second up", async () => {
      const before = await containers(STACK);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(NOTHING_CHANGED);
      expect(changedContainers(before, await containers(STACK))).toEqual([]);
    });

    it("shakes hands with who trusts its authority, in TLS 1.3 or 1.2 and nothing older", async () => {
      expect(await handshake(TLS_PORT, { servername: HOST, ca })).toMatchObject({
        protocol: "TLSv1.3",
        authorized: true,
        subject: HOST,
      });
      expect(await handshake(TLS_PORT, { servername: `auth.${HOST}`, ca, maxVersion: "TLSv1.2" })).toMatchObject({
        protocol: "TLSv1.2",
        authorized: true,
      });
      expect(await handshake(TLS_PORT, { servername: HOST })).toMatchObject({ authorized: false });
      await expect(
        handshake(TLS_PORT, {
          servername: HOST,
          ca,
          minVersion: "TLSv1",
          maxVersion: "TLSv1.1",
          ciphers: "ALL:@SECLEVEL=0",
        }),
      ).rejects.toThrow(/version/i);
    });

    it("redirects HTTP to HTTPS exactly once, for hosts that it knows", async () => {
      const redirect = await new Promise<{ status: number | undefined; location: string | undefined }>(
        (resolve, reject) => {
          request(
            { host: "127.0.0.1", port: PORT, path: "/health?a=1", headers: { Host: `${HOST}:${PORT}` }, agent: false },
            (response) => {
              response.resume();
              resolve({ status: response.statusCode, location: response.headers.location });
            },
          )
            .on("error", reject)
            .end();
        },
      );
      expect(redirect).toEqual({ status: 301, location: `https://${HOST}:${TLS_PORT}/health?a=1` });
      const { pathname, search } = new URL(redirect.location ?? "");
      const { status, headers } = await ask(`${pathname}${search}`);
      expect({ status, location: headers["location"] }).toEqual({ status: 200, location: undefined });
      expect((await get(PORT, "nobody.example.com", "/")).status).toBe(404);
    });

    it("speaks HTTP/2", async () => {
      const session = connectHttp2(`https://127.0.0.1:${TLS_PORT}`, { ca, servername: HOST });
      const stream = session.request({ ":path": "/health", ":authority": HOST });
      const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
      expect(headers[":status"]).toBe(200);
      expect(session.alpnProtocol).toBe("h2");
      stream.resume();
      session.close();
    });

    it("carries a WebSocket", async () => {
      const socket = openSocket();
      await once(socket, "open");
      socket.send("hello");
      const [echo] = (await once(socket, "message")) as [Buffer];
      socket.close();
      expect(echo.toString()).toBe("hello");
    });

    it("sends the security headers and does not say who answers", async () => {
      const { headers } = await ask("/");
      expect(headers).toMatchObject({
        "strict-transport-security": "max-age=3600",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
      });
      expect(headers["server"]).toBeUndefined();
      expect(headers["x-powered-by"]).toBeUndefined();
    });

    it("refuses a body over the limit, announced or not, and takes one below it", async () => {
      const post = (size: number, chunked: boolean) =>
        ask("/api/items", { method: "POST", body: Buffer.alloc(size, "x"), chunked });
      expect((await post(5 * MEBIBYTE, false)).status).toBe(413);
      expect((await post(5 * MEBIBYTE, true)).status).toBe(413);
      expect((await post(3 * MEBIBYTE, true)).status).toBe(201);
      expect((await ask("/health", { method: "GET", body: Buffer.alloc(5 * MEBIBYTE, "x") })).status).toBe(413);
    });

    it("answers 429 above the rate of the route's class and lets other classes be", async () => {
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async () => (await ask("/health/ready", {}, `auth.${HOST}`)).status),
      );
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
      expect((await ask("/health")).status).toBe(200);
    });

    it("answers 404 to a host that it does not know, and shows it no certificate of another", async () => {
      const stranger = "shop.example.com";
      const { names, subject, authorized } = await handshake(TLS_PORT, { servername: stranger, ca });
      expect(authorized).toBe(false);
      expect(`${names} ${subject}`).not.toContain(HOST);
      expect((await getSecure(TLS_PORT, stranger, "/", { tls: { rejectUnauthorized: false } })).status).toBe(404);
      expect(
        (await getSecure(TLS_PORT, stranger, "/", { tls: { rejectUnauthorized: false, servername: HOST } })).status,
      ).toBe(404);
    });

    it("writes no token into the access log", async () => {
      const token = "tok3n-that-nobody-may-read";
      await ask(`/reset/${token}?token=${token}`, {
        headers: { Authorization: `Bearer ${token}`, Cookie: `session=${token}` },
      });
      await expect
        .poll(async () => (await docker("logs", name("proxy"))).includes('"RequestHost"'), { timeout: 10_000 })
        .toBe(true);
      expect(await docker("logs", name("proxy"))).not.toContain(token);
    });

    it("keeps its private key where nobody else reads it", async () => {
      const inspect = await docker("inspect", ...Object.keys(await containers(STACK)));
      expect(inspect).not.toContain("PRIVATE KEY");
      expect(project.output).not.toContain("PRIVATE KEY");
      expect((await docker("exec", name("proxy"), "stat", "-c", "%a %u", "/tls/key.pem")).trim()).toBe("400 65532");
    });

    it("takes other routes while a WebSocket stays open, without another proxy", async () => {
      const socket = openSocket();
      await once(socket, "open");
      const before = await containers(STACK);
      project.configure({ ...SETTINGS, app: { ...SETTINGS.app, balancing: "least-loaded" } });
      await project.rememberSalt();
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect(changedContainers(before, await containers(STACK))).toEqual([name("proxy-routes")]);
      socket.send("still here");
      const [echo] = (await once(socket, "message")) as [Buffer];
      socket.close();
      expect(echo.toString()).toBe("still here");
    });

    it("loses no request once it has noticed that one of three replicas is gone", async () => {
      const started = Date.now();
      const results: { at: number; status: number }[] = [];
      let running = true;
      const worker = async () => {
        while (running) {
          const status = await ask("/").then(
            (response) => response.status,
            () => 0,
          );
          results.push({ at: Date.now() - started, status });
        }
      };
      const workers = Array.from({ length: 20 }, worker);
      await sleep(3000);
      const killedAt = Date.now() - started;
      await docker("kill", name("apprun-2"));
      const noticed = killedAt + 5000;
      await sleep(12_000);
      running = false;
      await Promise.all(workers);
      const lost = (from: number, to: number) =>
        results.filter(({ at, status }) => at >= from && at < to && status !== 200).length;
      const sent = (from: number, to: number) => results.filter(({ at }) => at >= from && at < to).length;
      console.log(
        `sent/lost: before the kill ${sent(0, killedAt)}/${lost(0, killedAt)}, until noticed ${sent(killedAt, noticed)}/${lost(killedAt, noticed)}, after ${sent(noticed, Infinity)}/${lost(noticed, Infinity)}`,
      );
      expect(sent(0, killedAt)).toBeGreaterThan(100);
      expect(sent(noticed, Infinity)).toBeGreaterThan(100);
      expect(lost(0, killedAt)).toBe(0);
      expect(lost(noticed, Infinity)).toBe(0);
      expect(lost(killedAt, noticed)).toBeLessThanOrEqual(20);
    });
  },
);
