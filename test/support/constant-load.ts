import { setTimeout as sleep } from "node:timers/promises";
import { get } from "./e2e.js";

/** Requests one after the other until it is told to stop, four at a time. */
export function constantLoad(host: string, address: string): { readonly stop: () => Promise<{ sent: number; failed: number }> } {
  let [running, sent, failed] = [true, 0, 0];
  const client = async () => {
    while (running) {
      sent += 1;
      const status = await get(80, host, "/health", { address }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 200) failed += 1;
      await sleep(50);
    }
  };
  const clients = Promise.all([client(), client(), client(), client()]);
  return {
    stop: async () => {
      running = false;
      await clients;
      return { sent, failed };
    },
  };
}
