import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AcknowledgedWriter } from "../support/e2e/acknowledged-writer.ts";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, wipe } from "../support/e2e/e2e.ts";
import { killDuring } from "../support/e2e/kill.ts";
import { Authority, hostAddress, startMinio } from "../support/e2e/servers.ts";

const STACK = "pr-649";
const SERVER = "apprun-e2e-kills";
const PORT = 59_002;
const KEYS = { backupAccessKeyId: "apprun", backupSecretAccessKey: "e2e-secret-of-the-bucket" };
/** APPRUN_E2E_KILLS=40 is the whole of it. The same seed kills at the same moments, as fractions of an operation's time. */
const KILLS = Number(process.env["APPRUN_E2E_KILLS"] ?? "4");
const SEED = Number(process.env["APPRUN_E2E_SEED"] ?? "1");
/** Kills the Docker Engine and starts it again. @default - that is left out */
const KILL_DAEMON = process.env["APPRUN_E2E_KILL_DAEMON"];
const SETTINGS = {
  temporal: { enabled: false },
  prometheus: { enabled: false },
  grafana: { enabled: false },
};

/** Numbers from 0 to 1 in an order that the seed decides (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe.skipIf(!(await hasRestic()))(
  "kills at random moments lose no acknowledged row (skipped without restic 0.17)",
  () => {
    const stack = new BackupStack(STACK, SETTINGS);
    const { project } = stack;
    const writer = new AcknowledgedWriter(stack);
    const next = random(SEED);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]!;
    const table: string[] = [];
    let rotation = 1;
    let remote: Record<string, unknown>;
    const configure = () => {
      const pointInTime = { enabled: true, upload: "0 0 1 1 *" };
      project.configure({
        ...stack.settings,
        backup: { enabled: true, remote, pointInTime },
        rotation: { "postgres-provision-apprun": rotation },
      });
    };
    const restart = (service: string) => docker("restart", "-t", "0", stack.name(service)).catch(() => "it is gone");
    const kinds: Record<string, () => Promise<unknown>> = {
      "the command line": () => Promise.resolve(),
      "the backup's container": () => restart("backup"),
      "the restore's container": () => docker("rm", "-f", stack.name("restore")).catch(() => "there was none"),
      "the server": () => restart("postgres"),
      ...(KILL_DAEMON !== undefined && { "the Docker Engine": () => promisify(execFile)("sh", ["-c", KILL_DAEMON]) }),
    };
    /** What is killed; those that put other data in place begin with a set that has every acknowledged row. */
    const operations: Record<string, { readonly args: () => Promise<readonly string[]>; readonly replaces?: boolean }> =
      {
        backup: { args: () => Promise.resolve(["backup"]) },
        drill: { args: () => Promise.resolve(["drill"]) },
        restore: {
          args: () => Promise.resolve(["restore", "--repository", pick(["local", "remote"]), "--confirm", STACK]),
          replaces: true,
        },
        "point in time": {
          args: async () => {
            const moment = /restorable_timestamp_seconds\{repository="local"\} (\d+)/.exec(
              await stack.inBackup("cat /backup-metrics/backup.prom"),
            )?.[1];
            return [
              "restore",
              "--point-in-time",
              new Date(Number(moment) * 1000).toISOString().replace(".000Z", "Z"),
              "--confirm",
              STACK,
            ];
          },
          replaces: true,
        },
        undo: {
          args: async () => {
            await killDuring(project, ["restore", "--confirm", STACK], { after: /the set is in place/ });
            await kinds["the restore's container"]?.();
            return ["restore", "--undo", "--confirm", STACK];
          },
          replaces: true,
        },
        rotation: {
          args: () => {
            rotation += 1;
            configure();
            return Promise.resolve(["up"]);
          },
        },
      };
    /** Milliseconds that an operation takes at most, as far as is known. */
    const times: Record<string, number> = {};

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
      const host = await hostAddress(SERVER);
      const authority = new Authority(join(project.directory, "tls"), "authority");
      const server = { name: SERVER, address: host, port: PORT, password: KEYS.backupSecretAccessKey };
      await startMinio({ ...server, bucket: "elsewhere", tls: authority.certify(host) });
      expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
      for (const [key, value] of Object.entries(KEYS))
        expect((await project.pulumi(["config", "set", "--secret", `apprun:${key}`, value])).code).toBe(0);
      await project.rememberSalt();
      remote = { endpoint: `https://${host}:${PORT}`, bucket: "backups", ca: authority.certificate };
      configure();
      await stack.fill(2000, 20);
      await writer.start();
      await stack.ok(["backup"]);
    });
    afterAll(async () => {
      await writer.stop();
      console.log(table.join("\n"));
      await docker("rm", "-f", "-v", SERVER);
      await wipe(STACK);
    });

    it.each(Array.from({ length: KILLS }, (_, kill) => kill + 1))("kill %i", async (kill) => {
      const [name, kind] = [pick(Object.keys(operations)), pick(Object.keys(kinds))];
      const { args, replaces = false } = operations[name]!;
      const fraction = next();
      if (replaces) {
        await writer.pause();
        await stack.ok(["backup"]);
      }
      const command = await args();
      const milliseconds = Math.round(fraction * (times[name] ?? 20_000));
      const { ended, took } = await killDuring(project, command, { milliseconds }, kinds[kind]);
      times[name] = Math.max(took, ended ? 0 : (times[name] ?? 20_000));
      const steps = await settle();
      const { acknowledged, missing } = await writer.missing();
      table.push(
        `| ${kill} | ${name} | ${kind} | ${milliseconds} ms${ended ? " (had ended)" : ""} | ${steps.join("; ")} | ${missing.length} of ${acknowledged} |`,
      );
      expect(missing, table.at(-1)).toEqual([]);
      writer.goOn();
      await sleep(1000);
    });
  },
);
