import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { secret } from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEFAULT_LIMITS } from "../../components/model/limits.ts";
import type { Route } from "../../components/model/page.ts";
import { DEFAULT_HEADERS } from "../../components/model/response-headers.ts";
import { proxyWorkload } from "../../components/platform/docker/proxy.ts";
import { dynamicConfiguration } from "../../components/platform/docker/traefik-routes.ts";
import type { IngressSpec } from "../../components/platform/ingress.ts";
import { proxyImage } from "../support/record/ingress.ts";
import { endpoint, RESOURCES } from "../support/record/specs.ts";
import { docker, get } from "../support/e2e/e2e.ts";
import { hasImages } from "../support/e2e/available.ts";
import { asked, streamed, type Protocol } from "../support/e2e/streams.ts";

const NAME = "apprun-streams-test";
const [PORT, TLS_PORT] = [10_530, 20_530];
const HOST = "app.localhost";
const [MAPS, FREE, PARTNER] = ["maps.localhost", "free.localhost", "https://partner.example.com"];
const MEBIBYTE = 1024 * 1024;
/** Shorter than every stream of this test. */
const READ_TIMEOUT = 4;
/** In seconds: longer than any time-out that somebody meant for a request. */
const LONG = Number(process.env["APPRUN_E2E_STREAM"] ?? "600");
/** Traefik knows no 408: it says that the client has gone, or that time is up, whichever it notices first. */
const TOO_SLOW = /^HTTP\/1\.1 (499|504) /;

const SPEC: IngressSpec = {
  bind: "loopback",
  port: PORT,
  teamPort: PORT,
  tls: { port: TLS_PORT, source: { kind: "given", certificate: { chain: "", key: secret("") } } },
  limits: { ...DEFAULT_LIMITS, maxBody: "2Mi", readTimeout: `${READ_TIMEOUT}s`, responseTimeout: "12s" },
};
const to = { ...endpoint("echo", 8080), replicaHosts: [`${NAME}-echo`] };
const COMMON = { to, audience: "public", rate: "standard" } as const;
const ROUTES: readonly Route[] = [
  { ...COMMON, name: "app", host: HOST, hidden: ["/metrics"] },
  { ...COMMON, name: "websocket", host: HOST, path: "/ws" },
  { ...COMMON, name: "maps", host: MAPS, headers: { ...DEFAULT_HEADERS, geolocation: "self", frames: [PARTNER] } },
  { ...COMMON, name: "free", host: FREE, headers: { ...DEFAULT_HEADERS, frames: "app" } },
];

/** The stack's proxy as it is rendered, with the plain router beside the encrypted one. */
function configuration(): string {
  const encrypted = dynamicConfiguration(ROUTES, SPEC) as { http: { routers: Record<string, object> } };
  const plain = dynamicConfiguration(ROUTES, { ...SPEC, tls: undefined }) as typeof encrypted;
  for (const [name, router] of Object.entries(plain.http.routers))
    encrypted.http.routers[`plain-${name}`] = { ...router, priority: 1000 + (router as { priority: number }).priority };
  return stringify(encrypted);
}

function files(): string {
  const directory = mkdtempSync(join(tmpdir(), "apprun-streams-"));
  for (const part of ["routes", "tls"]) mkdirSync(join(directory, part));
  writeFileSync(join(directory, "routes", "routes.yml"), configuration());
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=streams"];
  const names = ["-addext", `subjectAltName=DNS:${HOST}`, "-keyout", "key.pem", "-out", "chain.pem"];
  execFileSync("openssl", [...request, ...names], { cwd: join(directory, "tls"), stdio: "ignore" });
  chmodSync(directory, 0o755);
  chmodSync(join(directory, "tls", "key.pem"), 0o444);
  return directory;
}

const clean = () => docker("rm", "-f", "-v", `${NAME}-proxy`, `${NAME}-echo`).catch(() => "");

describe.skipIf(!(await hasImages("traefik", "sampleApp")))("the proxy of a stack, as it is rendered", () => {
  beforeAll(async () => {
    await clean();
    await docker("network", "create", NAME).catch(() => "");
    const directory = files();
    const program = join(import.meta.dirname, "programs", "streams.mjs");
    const run = ["run", "-d", "--network", NAME, "--name"];
    await docker(...run, `${NAME}-echo`, "-v", `${program}:/streams.mjs:ro`, "node:22-alpine", "node", "/streams.mjs");
    const { args = [] } = proxyWorkload({ image: proxyImage, resources: RESOURCES, spec: SPEC, mounts: [] });
    const mounts = ["routes:/etc/traefik/routes", "tls:/tls"].flatMap((pair) => ["-v", `${directory}/${pair}:ro`]);
    const ports = ["-p", `127.0.0.1:${PORT}:8000`, "-p", `127.0.0.1:${TLS_PORT}:8443`];
    await docker(...run, `${NAME}-proxy`, ...mounts, ...ports, proxyImage.reference, ...args);
    await vi.waitFor(
      async () => {
        expect((await get(PORT, HOST, "/")).status).toBe(200);
      },
      { timeout: 30_000, interval: 200 },
    );
  });
  afterAll(async () => {
    await clean();
    await docker("network", "rm", NAME);
  });

  const PLACES = { "HTTP/1.1": PORT, "HTTP/1.1 over TLS": TLS_PORT, "HTTP/2": TLS_PORT } satisfies Record<
    Protocol,
    number
  >;

  describe.each(Object.keys(PLACES) as Protocol[])("over %s", (protocol) => {
    const place = { protocol, port: PLACES[protocol], host: HOST };

    it.each(["GET", "POST"])("hands on a stream in answer to %s at once, and does not end it", async (method) => {
      const body = method === "POST" ? JSON.stringify({ ask: "something" }) : undefined;
      const { status, firstAfter, events } = await streamed(
        { ...place, path: "/stream", method, body },
        3 * READ_TIMEOUT,
      );
      expect(status).toBe(200);
      expect(firstAfter).toBeLessThan(1000);
      expect(events).toBeGreaterThanOrEqual(3 * READ_TIMEOUT - 1);
    });

    it("waits for a long poll that is longer than the time in which a request must arrive", async () => {
      expect(await asked({ ...place, path: `/poll?seconds=${2 * READ_TIMEOUT}` })).toEqual({
        status: 200,
        body: "late",
      });
    });

    it("ends what a service does not begin to answer with 504", async () => {
      expect((await asked({ ...place, path: "/poll?seconds=60" })).status).toBe(504);
    });

    it.each<[string, number, boolean, number]>([
      ["a body within the limit whose length is given", MEBIBYTE, false, 200],
      ["one of exactly the limit", 2 * MEBIBYTE, false, 200],
      ["a larger one", 2 * MEBIBYTE + 1, false, 413],
      ["one within the limit whose length nobody said", MEBIBYTE, true, 200],
      ["a larger one whose length nobody said", 3 * MEBIBYTE, true, 413],
    ])("takes %s by its size", async (_, size, chunked, status) => {
      const answer = await asked({ ...place, path: "/", method: "POST", body: Buffer.alloc(size, "x"), chunked });
      expect(answer.status).toBe(status);
      if (status === 200) expect(answer.body).toBe(`got ${size}`);
    });

    it.each(["/metrics", "/METRICS", "//metrics", "/metrics/x", "/x/../metrics", "/%6detrics"])(
      "shows nobody %s",
      async (path) => {
        expect((await asked({ ...place, path })).status).toBe(404);
      },
    );

    it("shows what only begins so", async () => {
      expect((await asked({ ...place, path: "/metricsboard" })).status).toBe(200);
    });
  });

  it.each([
    [HOST, "camera=(), geolocation=(), microphone=()", "SAMEORIGIN", "frame-ancestors https://own.example.com"],
    [MAPS, "camera=(), geolocation=(self), microphone=()", undefined, `frame-ancestors 'self' ${PARTNER}`],
    [
      FREE,
      "camera=(), geolocation=(), microphone=()",
      "ALLOW-FROM https://old.example.com",
      "frame-ancestors https://own.example.com",
    ],
  ])("tells browsers what the settings of %s say, in place of what the service says", async (host, ...told) => {
    const call = request({ port: PORT, path: "/page", headers: { Host: host } }).end();
    const [{ headers }] = (await once(call, "response")) as [IncomingMessage];
    expect(["permissions-policy", "x-frame-options", "content-security-policy"].map((name) => headers[name])).toEqual(
      told,
    );
  });

  it("keeps a WebSocket on which nobody speaks", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${PORT}/ws`, { headers: { Host: HOST } });
    await once(socket, "open");
    await sleep(3 * READ_TIMEOUT * 1000);
    socket.send("still here");
    const [echo] = (await once(socket, "message")) as [Buffer];
    expect(echo.toString()).toBe("still here");
    socket.close();
  });

  /** Sends one byte of a thousand; what it is told, and when. */
  const sendSlowly = async () => {
    const socket = connect(PORT, "127.0.0.1");
    const started = Date.now();
    socket.write(`POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1000\r\n\r\nx`);
    let told = "";
    socket.on("data", (chunk: Buffer) => (told += chunk.toString()));
    await once(socket, "close");
    return { told, after: Date.now() - started };
  };

  it("ends a client that takes too long to send what it announced", async () => {
    const { told, after } = await sendSlowly();
    expect(told).toMatch(TOO_SLOW);
    expect(after).toBeGreaterThanOrEqual(READ_TIMEOUT * 1000 - 500);
    expect(after).toBeLessThan(3 * READ_TIMEOUT * 1000);
  });

  it(
    "keeps streams for ten minutes, and still refuses beside them what it must",
    { timeout: (LONG + 120) * 1000 },
    async () => {
      const places = Object.entries(PLACES) as [Protocol, number][];
      const kept = Promise.all(
        places.flatMap(([protocol, port]) =>
          [undefined, "a question"].map((body) =>
            streamed({ protocol, port, host: HOST, path: "/stream", method: body ? "POST" : "GET", body }, LONG + 30),
          ),
        ),
      );
      await sleep(LONG * 1000);
      for (const [protocol, port] of places) {
        const large = { method: "POST", body: Buffer.alloc(2 * MEBIBYTE + 1) };
        expect((await asked({ protocol, port, host: HOST, path: "/", ...large })).status).toBe(413);
      }
      expect((await sendSlowly()).told).toMatch(TOO_SLOW);
      const burst = Array.from({ length: 2 * DEFAULT_LIMITS.rates.standard.burst }, () => get(PORT, HOST, "/"));
      expect((await Promise.all(burst)).map(({ status }) => status)).toContain(429);
      for (const stream of await kept) {
        expect(stream).toMatchObject({ status: 200 });
        expect(stream.firstAfter).toBeLessThan(1000);
        expect(stream.lastAfter).toBeGreaterThan(LONG * 1000);
      }
    },
  );
});
