import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AcknowledgedWriter } from "../support/e2e/acknowledged-writer.ts";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupBucket } from "../support/e2e/backup-bucket.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { wipe } from "../support/e2e/e2e.ts";
import { kindsOf, operationsOf, type Kind } from "../support/e2e/kill-choices.ts";
import { killDuring } from "../support/e2e/kill.ts";
import { random } from "../support/e2e/random.ts";
import { SmallDisk } from "../support/e2e/small-disk.ts";

const STACK = "pr-649";
const SERVER = "apprun-e2e-kills";
const PORT = 59_002;
/** APPRUN_E2E_KILLS=40 is the whole of it. The same seed kills at the same moments, as fractions of an operation's time. */
const KILLS = Number(process.env["APPRUN_E2E_KILLS"] ?? "4");
const SEED = Number(process.env["APPRUN_E2E_SEED"] ?? "1");
/** Kills the Docker Engine and starts it again. @default - that is left out */
const daemon = process.env["APPRUN_E2E_KILL_DAEMON"];
/** Size in MiB of disks that the database and the backups get, to be full at times; as root only. @default - that is left out */
const DISKS = process.env["APPRUN_E2E_DISKS"];
const SETTINGS = {
  temporal: { enabled: false },
  prometheus: { enabled: false },
  grafana: { enabled: false },
};
/** How long an operation takes before one was timed, in milliseconds. */
const UNTIMED = 15_000;

describe.skipIf(!(await hasRestic()))(
  "kills at random moments lose no acknowledged row (skipped without restic 0.17)",
  () => {
    const stack = new BackupStack(STACK, SETTINGS);
    const { project } = stack;
    const writer = new AcknowledgedWriter(stack);
    const next = random(SEED);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]!;
    const table: string[] = [];
    const disks: Record<string, SmallDisk> = {};
    const times: Record<string, number> = {};
    let bucket: BackupBucket;
    let kinds: Record<string, Kind>;
    let rotation = 1;
    const configure = () => {
      project.configure({
        ...stack.settings,
        backup: {
          enabled: true,
          local: { days: 0, sets: 2 },
          remote: bucket.remote(),
          pointInTime: { enabled: true, upload: "0 0 1 1 *" },
        },
        rotation: { "postgres-provision-apprun": rotation },
      });
    };
    const operations = operationsOf(stack, {
      repository: () => pick(["local", "remote"]),
      rotate: () => {
        rotation += 1;
        configure();
      },
    });

    /** Follows what the commands say until a backup completes. */
    async function settle(): Promise<readonly string[]> {
      const steps: string[] = [];
      let command = ["backup"];
      for (let step = 0; step < 8; step += 1) {
        const { code, stderr } = await project.cli(command);
        steps.push(`${command.slice(0, 2).join(" ")}: ${code}`);
        if (code === 0 && command[0] === "backup") return steps;
        const said = /npm run (?:(restore) -- (--undo|--finish)|up|backup)/.exec(stderr);
        if (code === 0) command = ["backup"];
        else if (said?.[1] !== undefined) command = ["restore", said[2] ?? "", "--confirm", STACK];
        else command = command[0] === "backup" ? ["up", "--skip-backup"] : ["backup"];
        if (code !== 0 && said === null && step > 5) throw new Error(`nobody says what to do: ${stderr}`);
      }
      throw new Error(`no backup completes: ${steps.join("; ")}`);
    }

    beforeAll(async () => {
      await wipe(STACK);
      bucket = await BackupBucket.start(SERVER, PORT, project);
      configure();
      await stack.fill(2000, 20);
      for (const [name, volume] of Object.entries({ database: "postgres-17", backups: "backups" }))
        if (DISKS !== undefined)
          disks[name] = await SmallDisk.move(
            stack.name(volume),
            Number(DISKS),
            join(project.directory, `${volume}.disk`),
          );
      kinds = kindsOf(stack, { daemon, disks });
      await stack.ok(["up"]);
      await writer.start();
      await stack.ok(["backup"]);
    });
    afterAll(async () => {
      await writer.stop();
      console.log(table.join("\n"));
      await bucket.remove();
      for (const disk of Object.values(disks)) await disk.remove();
      await wipe(STACK);
    });

    it.each(Array.from({ length: KILLS }, (_, kill) => kill + 1))("kill %i", async (kill) => {
      const [name, kind] = [pick(Object.keys(operations)), pick(Object.keys(kinds))];
      const { args, replaces = false, ...moment } = operations[name]!;
      const { begin, end, kills = true } = kinds[kind]!;
      const fraction = next();
      if (replaces) {
        await writer.pause();
        await stack.ok(["backup"]);
      }
      const command = await args();
      const milliseconds = Math.round(fraction * (times[name] ?? UNTIMED));
      const { ended, code, took } = await killDuring(project, command, { ...moment, milliseconds }, begin, kills);
      times[name] = Math.max(took, ended ? 0 : (times[name] ?? UNTIMED));
      await end?.();
      const steps = await settle();
      const { acknowledged, missing } = await writer.missing();
      const came = ended ? ` (had ended with ${code})` : code === -1 ? "" : ` (ended with ${code})`;
      table.push(
        `| ${kill} | ${name} | ${kind} | ${milliseconds} ms${came} | ${steps.join("; ")} | ${missing.length} of ${acknowledged} |`,
      );
      console.log(table.at(-1));
      expect(missing, table.at(-1)).toEqual([]);
      writer.goOn();
      await sleep(1000);
    });
  },
);
