import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImages } from "../support/e2e/available.ts";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { dashboardQueries } from "../support/e2e/grafana.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";
import {
  command,
  handshake,
  numbers,
  publish,
  replicas,
  Subscriber,
  tokenSecret,
  type Place,
} from "../support/e2e/realtime.ts";

const STACK = "pr-706";
const PORT = 10_706;
const SETTINGS = { ...SMALL, temporal: { enabled: false }, centrifugo: { enabled: true } };
const TWO = { ...SETTINGS, centrifugo: { enabled: true, replicas: 2 } };

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, `${STACK}.localhost`);
const place: Place = {
  address: `127.0.0.1:${PORT}`,
  host: `realtime.${STACK}.localhost`,
  origin: `http://${STACK}.localhost:${PORT}`,
  inApp: (script) => docker("exec", name("apprun"), "sh", "-c", script),
};
const up = async (settings: Record<string, unknown>) => {
  project.configure(settings);
  const { code, stderr } = await project.cli(["up"]);
  expect(code, stderr).toBe(0);
};
const until = (received: readonly number[], last: number) =>
  expect.poll(() => received.at(-1), { timeout: 60_000, interval: 200 }).toBe(last);

describe.skipIf(!(await hasImages("centrifugo")))(
  "Centrifugo on a real Docker Engine (skipped without its image)",
  () => {
    const subscribers: Subscriber[] = [];
    const subscriber = async (user: string, secret?: string) => {
      const made = new Subscriber(place, secret ?? (await tokenSecret(place)), user);
      subscribers.push(made);
      return made.connect();
    };
    beforeAll(() => wipe(STACK));
    afterAll(async () => {
      for (const each of subscribers) each.disconnect();
      await wipe(STACK);
    });

    it("comes up with the stack, and a client gets what the app publishes", async () => {
      await up(SETTINGS);
      await project.rememberSalt();
      const ada = await subscriber("ada");
      await publish(place, 1, 3);
      await until(ada.received, 3);
      expect(ada.received).toEqual([1, 2, 3]);
    });

    it("lets in pages of the app's origin and no others, and clients with a token of the app and no others", async () => {
      expect(await handshake(place, place.origin)).toBe(101);
      expect(await handshake(place, "http://elsewhere.example.com")).toBe(403);
      const stranger = new Subscriber(place, "another secret", "eve");
      await expect(stranger.connect()).rejects.toThrow();
      stranger.disconnect();
    });

    it("shows its API, its figures and its health to nobody outside, and takes commands with its key only", async () => {
      for (const path of ["/api/info", "/metrics", "/health", "/"])
        expect((await get(PORT, place.host, path)).status, path).toBe(404);
      expect(await place.inApp('curl -s -o /dev/null -w "%{http_code}" -d "{}" "$CENTRIFUGO_API_URL/info"')).toBe(
        "401",
      );
      expect((await project.cli(["credentials", "centrifugo"])).stdout).toMatch(
        /^username: X-API-Key\npassword: [A-Za-z0-9]{32}\n$/,
      );
    });

    it("gives clients what was published while it restarted, once each and in order", async () => {
      const grace = await subscriber("grace");
      const before = grace.received.length;
      await Promise.all([publish(place, 101, 130), docker("restart", name("centrifugo"))]);
      await until(grace.received, 130);
      expect(grace.received.slice(before)).toEqual(numbers(101, 130));
      expect(grace.subscriptions.at(-1)).toEqual({ wasRecovering: true, recovered: true });
    });

    it("goes on when the cache was restarted, and its clients miss nothing", async () => {
      const edsger = await subscriber("edsger");
      const before = edsger.received.length;
      await Promise.all([publish(place, 131, 160), docker("restart", name("cache"))]);
      await until(edsger.received, 160);
      expect(edsger.received.slice(before)).toEqual(numbers(131, 160));
    });

    it("is scraped, and every query of its dashboard has data", async () => {
      await expect
        .poll(async () => (await api.targets())["centrifugo"], { timeout: 60_000, interval: 1000 })
        .toBe("up");
      await subscriber("linus");
      await command(place, "disconnect", { user: "linus" });
      const queries = await dashboardQueries(project, PORT, "apprun-centrifugo");
      expect(queries.length).toBeGreaterThan(8);
      await expectData((expr) => api.query(expr), queries);
      expect(await api.brokenRules()).toEqual([]);
    });

    it("with two replicas gives every client everything, whichever it is connected to and whichever restarts", async () => {
      for (const each of subscribers) each.disconnect();
      await up(TWO);
      const own = Object.keys(await containers(STACK)).filter((each) => each.includes("centrifugo"));
      expect(own.sort()).toEqual([name("centrifugo-1"), name("centrifugo-2")]);
      const clients = [];
      for (const user of ["a", "b", "c", "d"]) clients.push(await subscriber(user));
      await expect.poll(() => replicas(place), { timeout: 60_000, interval: 1000 }).toEqual([2, 2]);
      await Promise.all([publish(place, 201, 240), docker("restart", name("centrifugo-1"))]);
      for (const { received } of clients) await until(received, 240);
      for (const { received, subscriptions } of clients) {
        expect(received).toEqual(numbers(201, 240));
        expect(subscriptions.slice(1).filter(({ recovered }) => !recovered)).toEqual([]);
      }
      expect(clients.filter(({ subscriptions }) => subscriptions.length > 1)).toHaveLength(2);
    });

    it("takes tokens of the secret before a rotation, and those of the new one", async () => {
      const old = await tokenSecret(place);
      await up({ ...TWO, rotation: { "centrifugo-token": 2 } });
      expect(await tokenSecret(place)).not.toBe(old);
      const clients = [await subscriber("old", old), await subscriber("new")];
      await publish(place, 301, 302);
      for (const { received } of clients) await until(received, 302);
    });

    it("goes when it is switched off, because it holds no data", async () => {
      await up({ ...SETTINGS, centrifugo: { enabled: false } });
      expect(Object.keys(await containers(STACK)).filter((each) => each.includes("centrifugo"))).toEqual([]);
      expect((await get(PORT, place.host, "/connection/websocket")).status).toBe(404);
    });
  },
);
