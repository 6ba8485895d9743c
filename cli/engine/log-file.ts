import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { HOME } from "./home.ts";

/** Files of a stack that are kept. */
const KEPT = 20;

/** The file that has everything which the engine said in one run; the engine itself masks secrets. */
export class LogFile {
  /** Relative to where the operator is, if that is shorter to read. */
  readonly path: string;

  constructor(directory: string, stack: string, now: Date) {
    const logs = join(directory, HOME, "logs");
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    const own = new RegExp(`^up-${stack}-\\d{8}T\\d{6}Z\\.log$`);
    const old = readdirSync(logs)
      .filter((file) => own.test(file))
      .sort()
      .slice(0, -(KEPT - 1));
    for (const file of old) rmSync(join(logs, file));
    const time = now.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
    const path = join(logs, `up-${stack}-${time}.log`);
    const near = relative(process.cwd(), path);
    this.path = near.startsWith("..") ? path : near;
  }

  write(text: string): void {
    appendFileSync(this.path, stripVTControlCharacters(text), { mode: 0o600 });
  }
}
