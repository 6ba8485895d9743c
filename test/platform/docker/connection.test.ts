import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { dockerClient } from "../../../cli/runtime/docker/client.ts";
import { connectionTo } from "../../../components/platform/docker/connection.ts";
import { engineId } from "../../../components/platform/docker/engine-id.ts";
import { FakeDockerEngine } from "../../support/fakes/docker-engine.ts";

/** A directory with a certificate that is its own authority. */
async function certificates(): Promise<{ readonly directory: string; readonly key: string; readonly cert: string }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const directory = mkdtempSync(join(tmpdir(), "certificates-"));
  for (const [file, text] of [
    ["ca.pem", cert],
    ["cert.pem", cert],
    ["key.pem", key],
  ] as const)
    writeFileSync(join(directory, file), text);
  return { directory, key, cert };
}

describe("an engine at tcp:// with TLS", () => {
  let server: Server;
  let [host, known]: [string, string] = ["", ""];

  beforeAll(async () => {
    const { directory, key, cert } = await certificates();
    known = directory;
    server = createServer({ key, cert, ca: cert, requestCert: true }, (_, response) =>
      response.end(JSON.stringify({ ID: "with-tls", ApiVersion: "1.48" })),
    ).listen(0, "localhost");
    await new Promise((resolve) => server.once("listening", resolve));
    host = `tcp://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it("is asked by the program and by the command line with the certificates of the settings", async () => {
    expect(await engineId({ host, certPath: known })).toBe("with-tls");
    expect(await dockerClient({ host, certPath: known }).info()).toMatchObject({ ID: "with-tls" });
  });

  it("is refused when another authority signed its certificate", async () => {
    const { directory } = await certificates();
    await expect(engineId({ host, certPath: directory })).rejects.toThrow(
      `no Docker Engine answers at ${host} (self-signed certificate`,
    );
  });

  it("and a directory without the files is named", () => {
    expect(() => connectionTo({ host, certPath: "/nonexistent" })).toThrow(
      "apprun:docker.certPath: got /nonexistent, in which ca.pem cannot be read; allowed: a directory with ca.pem, cert.pem and key.pem; put the files there, or name another",
    );
  });
});

describe("the command line's client", () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    ["DOCKER_HOST", "tcp://127.0.0.1:1"],
    ["DOCKER_HOST", "ssh://127.0.0.1:1"],
    ["DOCKER_HOST", "no address"],
    ["DOCKER_CERT_PATH", "/nonexistent"],
  ])("goes where the settings say with %s=%s", async (name, value) => {
    const engine = new FakeDockerEngine();
    const host = await engine.start();
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    vi.stubEnv(name, value);
    expect(await dockerClient({ host }).info()).toMatchObject({ ID: "engine" });
    engine.stop();
  });
});
