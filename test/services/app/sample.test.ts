import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTRACT } from "../../../components/services/app/observability.ts";
import { parseSettings } from "../../../components/stack/parse.ts";
import { Stack } from "../../../components/stack/stack.ts";
import { record } from "../../../cli/kit/record.ts";
import { inputsOf } from "../../support/record/stacks.ts";

const settings = (stack: string, values: Record<string, unknown> = {}) =>
  parseSettings({ project: "apprun", stack }, { values, secrets: {}, plainSecrets: [] });

interface Container {
  readonly image: string;
  readonly entrypoints: string[];
  readonly command: string[];
  readonly envs: string[];
  readonly uploads: { readonly file: string; readonly content: string }[];
}
interface Told {
  readonly services: { readonly name: string; readonly required: boolean }[];
  readonly pages: { readonly name: string; readonly url: string }[];
}

const container = async (values: Record<string, unknown> = {}, stack = "dev"): Promise<Container> => {
  const own = settings(stack, values);
  return inputsOf(await record(own.identity, () => new Stack(own)), "docker:index/container:Container", "apprun");
};
const toldOf = ({ envs }: Container): Told =>
  JSON.parse(envs.find((line) => line.startsWith("SAMPLE="))?.slice("SAMPLE=".length) ?? "{}") as Told;

describe("a stack whose settings name no app", () => {
  it.each(["dev", "test", "pr-7"])("runs the sample app in %s: one file in a plain Node image", async (stack) => {
    const { image, entrypoints, command, uploads } = await container({}, stack);
    expect(image).toBe("node:22-alpine");
    expect([...entrypoints, ...command]).toEqual(["node", "/opt/sample/sample.mjs"]);
    const program = uploads.find(({ file }) => file === "/opt/sample/sample.mjs");
    expect(program?.content.split("\n").length).toBeLessThan(200);
  });

  it("is told of every service that it connects to and of every page, and waits for data only", async () => {
    const { services, pages } = toldOf(await container({ nats: { enabled: true } }));
    expect(services.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["postgres", "cache (redis)", "kratos (public)", "temporal (frontend)"]),
    );
    expect(services.filter(({ required }) => required).map(({ name }) => name)).toContain("postgres");
    expect(services.find(({ name }) => name === "kratos (public)")?.required).toBe(false);
    expect(pages).toContainEqual({ name: "grafana", url: "http://grafana.dev.localhost:8000/" });
  });

  it.each(["staging", "prod"])("is refused in %s by the name of the setting", (stack) => {
    expect(() => settings(stack, { domain: "example.com" })).toThrow(
      "apprun:app.image: got nothing; allowed: the image of your app",
    );
  });

  it("gets its own app by app.image, or by a tag for the catalogue's", async () => {
    const image = { registry: "ghcr.io", repository: "shop/web", tag: "1", uid: 1000, gid: 1000, probeTool: "wget" };
    expect((await container({ app: { image } })).image).toBe("ghcr.io/shop/web:1");
    const pinned = await container({ images: { pins: { apprun: { tag: "1.1.0" } } } });
    expect(pinned.image).toBe("websoft9/apprun:1.1.0");
    expect(toldOf(pinned)).toEqual({});
  });
});

describe("the sample app", () => {
  let program: ChildProcess;
  let there: Server;
  const port = 20_000 + (process.pid % 10_000);
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

  const start = async (services: object[]) => {
    const pages = [{ name: 'x"<b>', url: "http://x.dev.localhost/" }];
    const env = { ...process.env, SAMPLE: JSON.stringify({ stack: "dev", port, services, pages }) };
    program = spawn(process.execPath, ["components/services/app/sample/sample.mjs"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => program.stdout?.once("data", resolve));
  };

  beforeAll(async () => {
    there = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => there.listen(0, "127.0.0.1", resolve));
    await start([
      { name: "there", host: "127.0.0.1", port: (there.address() as AddressInfo).port, http: false, required: true },
      { name: "gone", host: "127.0.0.1", port: 1, http: true, required: false },
    ]);
  });
  afterAll(() => {
    program.kill();
    there.close();
  });

  it("shows each service with its state, and each page with its address, as text", async () => {
    const page = await (await get("/")).text();
    expect(page).toContain("1 of 2 connected services answer");
    expect(page).toMatch(/there<code>[^<]+<\/code><\/td><td>answers<\/td><td>connected, \d+ ms/);
    expect(page).toMatch(/gone<code>[^<]+<\/code><\/td><td>does not answer<\/td><td>ECONNREFUSED/);
    expect(page).toContain('<a href="http://x.dev.localhost/">x&quot;&lt;b&gt;</a>');
  });

  it("is ready while what it requires answers, and healthy whatever others do", async () => {
    expect([(await get("/health")).status, (await get("/ready")).status, (await get("/nothing")).status]).toEqual([
      200, 200, 404,
    ]);
    there.close();
    expect([(await get("/health")).status, (await get("/ready")).status]).toEqual([200, 503]);
  });

  it("reports every metric that apprun promises", async () => {
    const text = await (await get("/metrics")).text();
    for (const name of CONTRACT) expect(text).toMatch(new RegExp(`^${name}({.*})? [\\d.]+$`, "m"));
    expect(text).toContain('apprun_http_requests_total{method="GET",path="/ready",status="503"} 1');
    expect(text).toContain('path="other",status="404"');
  });
});
