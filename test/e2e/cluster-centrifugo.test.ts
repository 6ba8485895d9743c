import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hasClusterWith,
  ingressAddress,
  kubectl,
  LITTLE,
  pods,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import { get, SMALL, TestProject } from "../support/e2e/e2e.ts";
import { handshake, numbers, publish, replicas, Subscriber, tokenSecret, type Place } from "../support/e2e/realtime.ts";

const STACK = "pr-707";
const NAMESPACE = `apprun-${STACK}`;
const HOST = `${STACK}.localhost`;
const SETTINGS = {
  ...SMALL_CLUSTER,
  app: { ...SMALL.app, readyTimeout: "60s" },
  temporal: { enabled: false },
  prometheus: { enabled: false },
  grafana: { enabled: false },
  alerting: { enabled: false },
  backup: { enabled: false },
};
const withReplicas = (count: number) => ({
  ...SETTINGS,
  centrifugo: { enabled: true, replicas: count, resources: LITTLE },
});
const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
const own = async () => Object.keys(await pods(NAMESPACE, "app.kubernetes.io/name=centrifugo"));

describe.skipIf(!(await hasClusterWith("centrifugo")))(
  "Centrifugo on a real cluster (skipped without one, or where no node has its image)",
  () => {
    const project = new TestProject(STACK, withReplicas(1));
    const subscribers: Subscriber[] = [];
    let place: Place;
    const subscriber = async (user: string) => {
      const made = new Subscriber(place, await tokenSecret(place), user);
      subscribers.push(made);
      return made.connect();
    };
    const until = (received: readonly number[], last: number) =>
      expect.poll(() => received.at(-1), { timeout: 120_000, interval: 500 }).toBe(last);

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      place = {
        address: `${await ingressAddress()}:80`,
        host: `realtime.${HOST}`,
        origin: `http://${HOST}`,
        inApp: (script) => inNamespace("exec", "deployment/apprun", "--", "sh", "-c", script),
      };
    });
    afterAll(async () => {
      for (const each of subscribers) each.disconnect();
      await wipeCluster(NAMESPACE);
    });

    it("comes up with the stack, and a client gets what the app publishes through the cluster's own ingress", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
      const ada = await subscriber("ada");
      await publish(place, 1, 3);
      await until(ada.received, 3);
      expect(ada.received).toEqual([1, 2, 3]);
      expect(await handshake(place, "http://elsewhere.example.com")).toBe(403);
      expect((await get(80, place.host, "/metrics", { address: place.address.replace(":80", "") })).status).toBe(404);
    });

    it("gives clients what was published while its only pod was replaced, once each and in order", async () => {
      const grace = await subscriber("grace");
      const before = grace.received.length;
      const [pod = ""] = await own();
      await Promise.all([publish(place, 101, 160), inNamespace("delete", "pod", pod)]);
      await until(grace.received, 160);
      expect(grace.received.slice(before)).toEqual(numbers(101, 160));
      expect(grace.subscriptions.at(-1)).toEqual({ wasRecovering: true, recovered: true });
      expect(await own()).not.toContain(pod);
    });

    it("with two replicas gives every client everything, whichever it is connected to and whichever is replaced", async () => {
      for (const each of subscribers) each.disconnect();
      project.configure(withReplicas(2));
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      const clients = [];
      for (const user of ["a", "b", "c", "d", "e", "f", "g", "h"]) clients.push(await subscriber(user));
      await expect
        .poll(async () => (await replicas(place)).filter((count) => count > 0).length, {
          timeout: 60_000,
          interval: 1000,
        })
        .toBe(2);
      const [pod = ""] = await own();
      await Promise.all([publish(place, 201, 260), inNamespace("delete", "pod", pod)]);
      for (const { received } of clients) await until(received, 260);
      for (const { received, subscriptions } of clients) {
        expect(received).toEqual(numbers(201, 260));
        expect(subscriptions.slice(1).filter(({ recovered }) => !recovered)).toEqual([]);
      }
      expect(clients.some(({ subscriptions }) => subscriptions.length > 1)).toBe(true);
    });
  },
);
