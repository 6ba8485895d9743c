import { readFileSync } from "node:fs";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ENGINE_LINE, on, REPAIRED, run } from "../../support/fakes/up-world.ts";

const STARTS = on("resourcePreEvent", "apprun");
const failed = new Error("code: -2\n stdout: \n stderr: Command failed");
const LOG = /the engine's own lines: (\S+)\n/;

/** Waits until the command did something, as the engine does that waits for a container. */
const untilLogged =
  (entry: string) =>
  async ({ log }: { readonly log: readonly string[] }) => {
    while (!log.includes(entry)) await sleep(10);
  };

describe("an update that waits for what will not come", () => {
  it("ends where the runtime ends the wait, keeps the log, and says why in its last line", async () => {
    const { log, code, message, stderr } = await run({
      events: [STARTS],
      symptoms: { "apprun-dev-apprun": "ends (exit code 3) again and again" },
      until: untilLogged("end wait for apprun-dev-apprun"),
      throws: { up: failed },
    });
    expect(log).toEqual([...REPAIRED, "end wait for apprun-dev-apprun", "up", "copy state"]);
    expect(code).toBe(1);
    expect(message).toBe(
      "the update failed: apprun ends (exit code 3) again and again; fix that, then run: npm run up",
    );
    const file = LOG.exec(stderr)?.[1] ?? "";
    expect(stderr).toContain(`\ncontainer apprun-dev-apprun is removed; its whole log is in ${file}\n`);
    const kept = readFileSync(file, "utf8");
    expect(kept).toContain(ENGINE_LINE);
    expect(kept).toContain("last words of apprun-dev-apprun");
  });

  it("is cancelled where only the engine can end the wait", async () => {
    const { log, message, stderr } = await run({
      events: [STARTS],
      symptoms: { "apprun-dev-apprun": "cannot pull its image: no such image" },
      endsWait: false,
      until: async ({ signal }) => {
        await once(signal!, "abort");
      },
      throws: { up: failed },
    });
    expect(log).toEqual([...REPAIRED, "up", "copy state"]);
    expect(message).toBe(
      "the update failed: apprun cannot pull its image: no such image; fix that, then run: npm run up",
    );
    expect(stderr).not.toContain("is removed");
  });

  it("is cancelled when a job failed, which the engine takes for made; its container stays", async () => {
    const { log, message } = await run({
      events: [
        on("resourcePreEvent", "postgres-provision"),
        on("resOutputsEvent", "postgres-provision", "create", { attach: true, exitCode: 1 }),
      ],
      until: async ({ signal }) => {
        await once(signal!, "abort");
      },
      throws: { up: failed },
    });
    expect(log).toEqual([...REPAIRED, "up", "copy state"]);
    expect(message).toBe(
      "the update failed: postgres-provision ended with exit code 1; fix that, then run: npm run up",
    );
  });

  it("leaves alone what it does not wait for", async () => {
    const { log, code } = await run({
      events: [on("resourcePreEvent", "grafana", "same"), STARTS, on("resOutputsEvent", "apprun")],
      symptoms: { "apprun-dev-apprun": "is unhealthy", "apprun-dev-grafana": "is unhealthy" },
      until: () => sleep(1200),
    });
    expect(log).toEqual([...REPAIRED, "up", "copy state", "observe"]);
    expect(code).toBe(0);
  });
});

describe("the cause of an update that failed", () => {
  it.each<[string, Parameters<typeof run>[0], string]>([
    [
      "is what the engine says of a resource",
      {
        events: [
          {
            diagnosticEvent: {
              severity: "error",
              urn: "urn:pulumi:dev::apprun::docker:index/remoteImage:RemoteImage::image-kratos",
              message:
                "  sdk-v2/provider2.go:571: sdk.helper_schema: unable to pull image x: error pulling image x: no: provider=docker@5.2.0\n",
            },
          },
          { diagnosticEvent: { severity: "error", message: "update failed\n" } },
        ],
      },
      "image-kratos: error pulling image x: no",
    ],
    ["is what it says outside of its events", { says: "error: incorrect passphrase\n" }, "incorrect passphrase"],
    [
      "is an instance that was not healthy in time",
      {
        events: [STARTS, on("resOpFailedEvent", "apprun")],
        states: { apprun: "starting" },
        says: "error: update failed\n",
      },
      "apprun is not healthy within its time",
    ],
    ["is never the code of a process", {}, "Command failed"],
  ])("%s", async (_, world, cause) => {
    const { message } = await run({ throws: { up: new Error("code: -2\n stdout: \n Command failed") }, ...world });
    expect(message).toBe(`the update failed: ${cause}; fix that, then run: npm run up`);
  });

  it("is followed by what the engine warned of, without what the SDK says of every output", async () => {
    const warning = (message: string) => ({ diagnosticEvent: { severity: "warning", message } });
    const { stderr } = await run({
      events: [
        warning("Undefined value (x) will not show as a stack output."),
        warning('job "cache-check": odd policy'),
      ],
    });
    expect(stderr).toContain('\nwarning: job "cache-check": odd policy\n');
    expect(stderr).not.toContain("Undefined");
  });
});

const TIME = expect.any(Number) as number;

describe("what is shown of an update", () => {
  const events = [
    STARTS,
    on("resOutputsEvent", "apprun"),
    on("resourcePreEvent", "grafana", "same"),
    { summaryEvent: { resourceChanges: { create: 1, same: 41 } } },
  ];

  it("is a line for each change without a terminal, and the engine's lines are in a file only", async () => {
    const { stderr } = await run({ events });
    expect(stderr).toMatch(/^apprun healthy 0 s\n2 of \d+ ready · 0 s\nResources: 1 created, 41 unchanged\n/);
    expect(stderr).not.toContain(ENGINE_LINE);
  });

  it("is an object for each change for programs", async () => {
    const { stderr } = await run({ events, options: { json: true } });
    expect(
      stderr
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { at: TIME, service: "apprun", state: "healthy", took: TIME, since: TIME },
      { at: TIME, service: "grafana", state: "unchanged" },
    ]);
  });

  it("is what the engine writes where that is asked for", async () => {
    const { stderr } = await run({ events, options: { verbose: true } });
    expect(stderr).toMatch(new RegExp(`^${ENGINE_LINE}the engine's own lines: `));
  });
});
