import { describe, expect, it } from "vitest";
import { logs, type LogsOptions } from "../../../cli/commands/logs.ts";
import { DEV, operateWorld } from "../../support/fakes/operate-world.ts";
import { captured } from "../../support/fakes/terminal.ts";

const LINES = {
  "apprun-dev-apprun-1": [
    { time: "2026-11-21T02:30:00.100000001Z", text: "starts" },
    { time: "2026-11-21T02:30:02.000000000Z", text: "\u001b[31merror\u001b[0m: no route" },
  ],
  "apprun-dev-apprun-2": [{ time: "2026-11-21T02:30:00.100000000Z", text: "begins" }],
  "apprun-dev-cache": [{ time: "2026-11-21T02:30:01.000000000Z", text: "loaded" }],
};
const REPLICAS = { apprun: ["apprun-dev-apprun-1", "apprun-dev-apprun-2"], cache: ["apprun-dev-cache"] };

async function run(service: string | undefined, options: Partial<LogsOptions>, signal = new AbortController().signal) {
  const { system } = await operateWorld({ replicas: REPLICAS, lines: LINES });
  return captured(() => logs(service, { ...DEV, ...options }, system, signal));
}

describe("logs", () => {
  it("puts the lines of all replicas in the order of time, each with its replica, and without control characters", async () => {
    const { stdout, stderr } = await run(undefined, {});
    expect(stdout).toBe("apprun-2 | begins\napprun-1 | starts\ncache    | loaded\napprun-1 | error: no route\n");
    expect(stderr).toBe("");
  });

  it.each<[string | undefined, Partial<LogsOptions>, string]>([
    ["cache", {}, "cache | loaded\n"],
    [undefined, { since: "2026-11-21T02:30:01Z" }, "cache    | loaded\napprun-1 | error: no route\n"],
    [undefined, { grep: "^(loaded|begins)$" }, "apprun-2 | begins\ncache    | loaded\n"],
    ["apprun", { tail: "1" }, "apprun-2 | begins\napprun-1 | error: no route\n"],
    ["cache", { tail: "0" }, ""],
    [
      "cache",
      { json: true },
      '{"time":"2026-11-21T02:30:01.000000000Z","service":"cache","replica":"apprun-dev-cache","line":"loaded"}\n',
    ],
  ])("of %s with %j", async (service, options, stdout) => {
    expect((await run(service, options)).stdout).toBe(stdout);
  });

  it("follows until it is interrupted, and begins no replica twice", async () => {
    const interrupted = new AbortController();
    setTimeout(() => {
      interrupted.abort();
    }, 1500);
    const { stdout, error } = await run("apprun", { follow: true, grep: "s$" }, interrupted.signal);
    expect(error).toBeUndefined();
    expect(stdout).toBe("apprun-1 | starts\napprun-2 | begins\n");
  });

  it.each<[Partial<LogsOptions>, string]>([
    [
      { since: "yesterday" },
      '--since: got "yesterday"; allowed: a span such as "30s", "10m", "2h" or "1d", or a time such as 2026-11-21T02:30:00Z; write one of them',
    ],
    [{ since: "10" }, '--since: got "10"; allowed: '],
    [{ grep: "(" }, '--grep: got "("; allowed: a regular expression; '],
    [{ tail: "-1" }, '--tail: got "-1"; allowed: a whole number of lines; write one'],
  ])("refuses %j before anything is asked", async (options, begins) => {
    const { error, stdout } = await run(undefined, options);
    expect(error?.message.startsWith(begins)).toBe(true);
    expect(error).toMatchObject({ exitCode: 2 });
    expect(stdout).toBe("");
  });
});
