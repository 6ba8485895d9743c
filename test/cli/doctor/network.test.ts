import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { networkFindings } from "../../../cli/doctor/network.ts";

const DAY = 86_400_000;

/** What is found at a TLS server whose certificate ends in some days. */
async function foundWith(days: number): Promise<{ readonly port: number; readonly lines: readonly string[] }> {
  const notAfterDate = new Date(Date.now() + days * DAY + DAY / 2);
  const { private: key, cert } = await generate([{ name: "commonName", value: "app.localhost" }], {
    keyType: "ec",
    notBeforeDate: new Date(Date.now() - 100 * DAY),
    notAfterDate,
  });
  const server = createServer({ key, cert });
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const lines = await found({ app: `https://app.localhost:${port}/`, api: `https://app.localhost:${port}/api` });
  server.close();
  return { port, lines };
}

const found = async (urls: Record<string, string>) =>
  (await networkFindings(urls)).map(({ severity, check, message }) => `${severity} ${check}: ${message}`);

describe("certificates", () => {
  it("are good for 14 days and more", async () => {
    expect((await foundWith(14)).lines).toEqual([]);
  });

  it("are told with the days that are left, once a server", async () => {
    const { port, lines } = await foundWith(13);
    expect(lines).toEqual([
      `warning tls: app.localhost:${port}: its certificate holds for 13 more days; 14 are the least`,
    ]);
  });

  it("are an error once they ended", async () => {
    const { port, lines } = await foundWith(-4);
    expect(lines).toEqual([`error tls: app.localhost:${port}: its certificate ended 4 days ago`]);
  });

  it("are missed where nothing answers", async () => {
    expect(await found({ app: "https://app.localhost:1/" })).toEqual([
      "error tls: app.localhost:1: no TLS connection (connect ECONNREFUSED 127.0.0.1:1)",
    ]);
  });
});

describe("host names", () => {
  it("are asked for once each, except for those of this machine", async () => {
    const urls = { app: "http://nowhere.invalid/", api: "http://nowhere.invalid/api", dev: "http://dev.localhost/" };
    expect(await found(urls)).toEqual(["error dns: host name nowhere.invalid does not resolve"]);
  });

  it("with an address of IPv6 are told where they lead to the proxy, which has none", async () => {
    const lookedUp = () =>
      Promise.resolve([
        { address: "203.0.113.7", family: 4 },
        { address: "2001:db8::7", family: 6 },
      ]);
    const urls = { app: "http://example.com/" };
    const lines = (await networkFindings(urls, { ipv4Only: true, lookedUp })).map(({ message }) => message);
    expect(lines).toEqual([
      "host name example.com has the address 2001:db8::7, where the proxy does not listen: it has IPv4 only",
    ]);
    expect(await networkFindings(urls, { lookedUp })).toEqual([]);
  });
});
