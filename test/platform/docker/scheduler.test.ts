import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runsScript, schedulerWorkload } from "../../../components/platform/docker/scheduler.ts";
import { cronFields } from "../../../components/model/cron.ts";
import { appSpec } from "../../support/record/specs.ts";

const SCHEDULER = readFileSync(new URL("../../../components/platform/docker/scheduler.sh", import.meta.url), "utf8");
const AMONG = `among() {\n  case " $2 " in *" $1 "*) return 0 ;; esac\n  return 1\n}\n`;

/** Asks the generated shell whether a run is due at a time. */
function isDue(cron: string, time: string): boolean {
  const script = `${AMONG}${runsScript({ it: { cron, command: ["true"] } })}set -- $(date -u -d '${time}' '+%M %H %d %m %w')
minute=$1 hour=$2 day=$3 month=$4 weekday=$5
if is_due it; then echo due; fi`;
  return execFileSync("sh", ["-c", script]).toString() === "due\n";
}

describe("a cron expression", () => {
  it.each<[string, string, boolean]>([
    ["30 2 * * *", "2026-11-21 02:30", true],
    ["30 2 * * *", "2026-11-21 02:31", false],
    ["30 2 * * *", "2026-11-21 14:30", false],
    ["*/15 * * * *", "2026-11-21 09:45", true],
    ["*/15 * * * *", "2026-11-21 09:44", false],
    ["0 4 * * 0", "2026-11-22 04:00", true],
    ["0 4 * * 7", "2026-11-22 04:00", true],
    ["0 4 * * 0", "2026-11-23 04:00", false],
    ["0 0 1 1 *", "2027-01-01 00:00", true],
    ["0 0 1 1 *", "2027-02-01 00:00", false],
    ["0 0 8-10,20 * *", "2026-11-09 00:00", true],
    // With both day fields set, one of them is enough.
    ["0 0 13 * 5", "2026-11-13 00:00", true],
    ["0 0 14 * 5", "2026-11-13 00:00", true],
    ["0 0 14 * 5", "2026-11-12 00:00", false],
  ])("%s at %s: %s", (cron, time, due) => {
    expect(isDue(cron, time)).toBe(due);
  });

  it.each([
    "",
    "2 * * *",
    "0 0 2 * * *",
    "@daily",
    "61 * * * *",
    "0 0 L * *",
    "0 0 * * MON",
    "* * 31 2 *",
    "0 0 * * 8",
  ])("%j is refused", (cron) => {
    expect(() => cronFields(cron)).toThrow(
      `cron expression: got "${cron}"; allowed: five fields of numbers, *, ranges, lists and steps, in UTC, such as "30 2 * * *"; change it`,
    );
  });
});

/** Runs the scheduler against a clock that only `sleep` moves, until that clock passes the end. */
async function simulate(
  runs: Parameters<typeof runsScript>[0],
  start: number,
  end: number,
  directory = mkdtempSync(join(tmpdir(), "scheduler-")),
): Promise<string[]> {
  const file = (name: string, content: string) => {
    writeFileSync(join(directory, name), content, { mode: 0o755 });
    return join(directory, name);
  };
  const clock = file("clock", String(start));
  // `-d @n` and a format go to the real program.
  file("date", `#!/bin/sh\ncase "$*" in +%s) cat ${clock} ;; *) exec /bin/date "$@" ;; esac\n`);
  file(
    "sleep",
    `#!/bin/sh\nnow=$(($(cat ${clock}) + $1))\necho "$now" >${clock}\nif [ "$now" -ge ${end} ]; then kill -TERM "$PPID"; fi\n`,
  );
  file(
    "task",
    `#!/bin/sh\necho "$1 $(($(cat ${clock}) - ${start}))" >>${directory}/log\necho $(($(cat ${clock}) + $2)) >${clock}\nexit "$3"\n`,
  );
  const child = spawn(
    "sh",
    [file("scheduler.sh", SCHEDULER.replaceAll("/tmp/", `${directory}/`)), file("runs.sh", runsScript(runs))],
    {
      env: { PATH: `${directory}:${process.env["PATH"] ?? ""}` },
      stdio: "ignore",
    },
  );
  await new Promise((resolve) => child.once("close", resolve));
  return readFileSync(join(directory, "log"), "utf8").trim().split("\n");
}

describe("the scheduler of a Docker host", () => {
  const MIDNIGHT = 1_795_305_600;
  const task = (name: string, takes: number, code = 0) => ["task", name, String(takes), String(code)];

  it("starts what is due, at its minute, and goes on after a failure", async () => {
    const log = await simulate(
      {
        often: { cron: "*/2 * * * *", command: task("often", 5, 1) },
        once: { cron: "3 0 * * *", command: task("once", 1) },
      },
      MIDNIGHT,
      MIDNIGHT + 361,
    );
    expect(log).toEqual(["often 120", "once 180", "often 240", "often 360"]);
  });

  it("makes up once for what became due while another task ran, and never runs two at a time", async () => {
    const log = await simulate(
      {
        long: { cron: "1 0 * * *", command: task("long", 400) },
        short: { cron: "*/2 * * * *", command: task("short", 1) },
      },
      MIDNIGHT,
      MIDNIGHT + 601,
    );
    expect(log).toEqual(["long 60", "short 460", "short 480", "short 600"]);
  });

  it("makes up for what became due while the host was off, up to a day of it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "scheduler-"));
    const runs = {
      nightly: { cron: "30 2 * * *", command: task("nightly", 1) },
      weekly: { cron: "0 4 * * *", command: task("weekly", 1) },
    };
    const at = (hours: number) => MIDNIGHT + hours * 3600;
    // Off from 02:00 to 03:00, and then for two days.
    expect(await simulate(runs, at(1), at(2), directory).catch(() => [])).toEqual([]);
    expect(await simulate(runs, at(3), at(3) + 60, directory)).toEqual(["nightly 0"]);
    expect(await simulate(runs, at(51), at(51) + 60, directory)).toEqual(["nightly 0", "weekly 0", "nightly 1"]);
  });

  it("is a workload of the task's own image", () => {
    const { ports: _ports, probe: _probe, tier: _tier, ...spec } = appSpec();
    const workload = schedulerWorkload({
      ...spec,
      runs: { it: { cron: "0 2 * * *", command: ["sh", "-c", "echo 'a b'"] } },
    });
    expect(workload.entrypoint).toEqual(["sh", "/opt/scheduler/scheduler.sh"]);
    expect(workload.image.name).toBe("apprun");
    expect(workload.files?.map(({ path }) => path)).toEqual(["/opt/scheduler/scheduler.sh", "/opt/scheduler/runs.sh"]);
    expect(workload.files?.[1]?.content).toContain(`it) 'sh' '-c' 'echo '\\''a b'\\''' & ;;`);
  });
});
