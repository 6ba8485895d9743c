import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { JobSpec } from "../../../components/model/workload.ts";
import { networkWait } from "../../../components/platform/kubernetes/network-wait.ts";
import { selectImage } from "../../../components/services/catalogue.ts";
import { appSpec, endpoint } from "../../support/record/specs.ts";

const { ports: _ports, probe: _probe, tier: _tier, ...TASK } = appSpec();
const server = endpoint("postgres", 5432);
const waiting = (changes: Partial<JobSpec>) =>
  networkWait({ ...TASK, waitsIn: selectImage("postgres"), connectsTo: [server], ...changes });

function commandOf(spec: ReturnType<typeof networkWait>): readonly string[] {
  const [container] = spec.initContainers as { command: string[] }[];
  return container?.command ?? [];
}

it("asks for each address that the task connects to, within the task's limits and without any right", () => {
  const other = endpoint("cache", 6379);
  const rendered = waiting({ connectsTo: [server, other] });
  expect(rendered).toMatchObject({
    initContainers: [
      {
        name: "network",
        image: "postgres:17-alpine",
        resources: { limits: TASK.resources.limits },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
      },
    ],
  });
  expect(commandOf(rendered).slice(4)).toEqual([server.address, other.address]);
});

it("is nothing for a task that connects to nothing, or that tries again by itself", () => {
  expect(waiting({ connectsTo: [] })).toEqual({});
  expect(networkWait({ ...TASK, connectsTo: [server] })).toEqual({});
});

/** Runs what the pod would run, with a second in place of the half minute. */
async function run(port: number): Promise<{ readonly stdout: string; readonly milliseconds: number }> {
  const [bash = "", option = "", script = "", name = ""] = commandOf(waiting({}));
  const start = performance.now();
  const short = script.replaceAll("30", "1");
  const { stdout } = await promisify(execFile)(bash, [option, short, name, `127.0.0.1:${port}`]);
  return { stdout, milliseconds: performance.now() - start };
}

it("lets the task start once the address takes connections, or says which does not", async () => {
  const listener = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  expect((await run(port)).stdout).toBe("");
  await new Promise((resolve) => listener.close(resolve));
  const waits = run(port);
  await sleep(300);
  listener.listen(port, "127.0.0.1");
  const { stdout, milliseconds } = await waits;
  expect(stdout).toBe("");
  expect(milliseconds).toBeGreaterThan(300);
  await new Promise((resolve) => listener.close(resolve));
  expect((await run(port)).stdout).toBe(
    `127.0.0.1:${port} takes no connection after 1 s; the task starts without it\n`,
  );
});
