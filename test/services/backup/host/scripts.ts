import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tools } from "./tools.ts";

const SCRIPTS = new URL("../../../../components/services/backup/scripts/", import.meta.url);

/** The outcome of a script. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container's file system in a directory: the scripts with their paths moved below it. */
export class ScriptHost {
  readonly root: string;
  readonly #tools: Tools;
  readonly env: Record<string, string>;

  constructor(tools: Tools, env: Readonly<Record<string, string>> = {}) {
    // Short, so that a server's socket may lie below it.
    this.root = mkdtempSync(join(tmpdir(), "b-"));
    this.#tools = tools;
    spawnSync("chmod", ["755", this.root]);
    for (const directory of ["backup/state", "metrics", "sources", "secrets", "etc/config", "scripts"])
      mkdirSync(join(this.root, directory), { recursive: true });
    for (const name of readdirSync(SCRIPTS))
      writeFileSync(join(this.root, "scripts", name), this.#moved(readFileSync(new URL(name, SCRIPTS), "utf8")));
    this.write("etc/trees.tsv", "\n");
    this.write("etc/schema-versions.tsv", "\n");
    this.write("etc/images.json", '{"app":"app:1"}\n');
    this.write("secrets/key-fingerprints.json", "{}\n");
    this.write("secrets/backup-password", "secret\n");
    this.env = {
      BACKUP_STACK: "apprun/test",
      BACKUP_TREES: "",
      BACKUP_DATABASES: "",
      BACKUP_REMOTE: "",
      ...limits("LOCAL"),
      ...env,
    };
  }

  #moved(script: string): string {
    return script
      .replaceAll("/etc/backup/", `${this.root}/etc/`)
      .replaceAll("/run/secrets/", `${this.root}/secrets/`)
      .replaceAll("=/sources", `=${this.root}/sources`)
      .replaceAll("/backup-metrics", `${this.root}/metrics`)
      .replaceAll("/backup/", `${this.root}/backup/`);
  }

  /** Where a file of this host is. */
  at(path: string): string {
    return join(this.root, path);
  }

  write(path: string, content: string): void {
    writeFileSync(this.at(path), content);
  }

  read(path: string): string {
    return readFileSync(this.at(path), "utf8");
  }

  /** Runs a script to its end. */
  run(script: string, ...args: readonly string[]): Outcome {
    return this.#spawn([this.at(`scripts/${script}`), ...args]);
  }

  /** Runs a line of bash with the functions of these scripts; `fail` ends it with 1. */
  bash(line: string, scripts: readonly string[] = ["lib.sh", "trees.sh"]): Outcome {
    const sources = scripts.map((script) => `. "$(dirname "$0")/${script}"`).join("\n");
    this.write("scripts/line.sh", `${sources}\nmkdir -p "$WORK"\n${line}\n`);
    return this.#spawn([this.at("scripts/line.sh")]);
  }

  #spawn(args: readonly string[]): Outcome {
    const { status, stdout, stderr } = spawnSync("bash", args, {
      encoding: "utf8",
      env: { PATH: this.#tools.path, HOME: this.root, ...this.env },
    });
    return { status, stdout, stderr };
  }
}

/** Settings of what a repository keeps. */
export function limits(which: "LOCAL" | "REMOTE"): Record<string, string> {
  return { [`BACKUP_${which}_DAYS`]: "7", [`BACKUP_${which}_COUNT`]: "7", [`BACKUP_${which}_SIZE`]: "1024" };
}
