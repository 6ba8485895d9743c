import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get as secureGet } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { vi } from "vitest";
import { docker } from "./e2e.ts";

const IMAGE = "ghcr.io/letsencrypt/pebble:2.8.0";
const DAY = 86_400;
/** Days for which its certificates hold: shorter than the time before its end in which a certificate is renewed. */
const VALIDITY = 5;
export const SOON = { timeout: 60_000, interval: 500 };

export const hasPebble = await docker("image", "inspect", IMAGE).then(
  () => true,
  () => false,
);

/** An ACME authority of the operator's own: Pebble, whose directory's certificate another root signed. */
export class Pebble {
  static readonly directoryUrl = "https://pebble:14000/dir";
  readonly #container: string;
  readonly #directory = mkdtempSync(join(tmpdir(), "apprun-pebble-"));
  /** The root of the directory's certificate, in PEM. */
  readonly ca: string;

  constructor(container: string) {
    this.#container = container;
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: this.#directory, stdio: "ignore" });
    const key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
    openssl("req", "-x509", ...key, "-subj", "/CN=own root", "-keyout", "ca-key.pem", "-out", "ca.pem");
    const names = ["-subj", "/CN=pebble", "-addext", "subjectAltName=DNS:pebble"];
    const signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-addext", "basicConstraints=CA:FALSE"];
    openssl("req", "-x509", ...key, ...names, ...signed, "-keyout", "key.pem", "-out", "cert.pem");
    this.ca = readFileSync(join(this.#directory, "ca.pem"), "utf8");
  }

  /** Starts it under the name `pebble` of a network; returns the root of the certificates that it gives. */
  async start(network: string, rootsPort: number, ...args: readonly string[]): Promise<string> {
    const pebble = {
      listenAddress: "0.0.0.0:14000",
      managementListenAddress: "0.0.0.0:15000",
      certificate: "/config/cert.pem",
      privateKey: "/config/key.pem",
      httpPort: 8000,
      tlsPort: 8443,
      profiles: { default: { description: "short", validityPeriod: VALIDITY * DAY } },
    };
    writeFileSync(join(this.#directory, "config.json"), JSON.stringify({ pebble }));
    await docker(
      ...["run", "-d", "--network", network, "--name", this.#container, "--network-alias", "pebble"],
      ...["-p", `127.0.0.1:${rootsPort}:15000`, "-v", `${this.#directory}:/config:ro`],
      ...["-e", "PEBBLE_VA_NOSLEEP=1", "-e", "PEBBLE_WFE_NONCEREJECT=0"],
      ...[IMAGE, "-config", "/config/config.json", ...args],
    );
    return vi.waitFor(() => this.#root(rootsPort), SOON);
  }

  async #root(port: number): Promise<string> {
    const call = secureGet({ host: "127.0.0.1", port, path: "/roots/0", servername: "pebble", ca: this.ca });
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    return text(answer);
  }
}

/** The certificate of a host, which a client that trusts the authority's root takes. */
export async function certificateOf(
  port: number,
  host: string,
  ca: string,
): Promise<{ readonly serial: string; readonly days: number; readonly names: string }> {
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, servername: host, ca });
  await once(socket, "secureConnect");
  const { serialNumber, valid_to: end, subjectaltname: names = "" } = socket.getPeerCertificate();
  socket.destroy();
  return { serial: serialNumber, days: (Date.parse(end) - Date.now()) / 1000 / DAY, names };
}
