import { docker } from "./e2e.ts";

/** What the engine says of a stack's containers, over a time. */
export class MemoryWatch {
  /** The most that each container took, in MiB, and its limit. */
  readonly peaks: Record<string, { peak: number; limit: number }> = {};
  readonly #timer: NodeJS.Timeout;

  constructor(stack: string, everyMs = 5000) {
    this.#timer = setInterval(() => void this.#look(stack).catch(() => undefined), everyMs);
  }

  stop(): typeof this.peaks {
    clearInterval(this.#timer);
    return this.peaks;
  }

  async #look(stack: string): Promise<void> {
    const lines = await docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}");
    for (const line of lines.trim().split("\n")) {
      const [name = "", used = "", , limit = ""] = line.split(" ");
      if (!name.startsWith(`apprun-${stack}-`)) continue;
      const peak = Math.max(this.peaks[name]?.peak ?? 0, inMebibytes(used));
      this.peaks[name] = { peak, limit: inMebibytes(limit) };
    }
  }
}

const MEBIBYTES_IN: Readonly<Record<string, number>> = { B: 1 / 1024 ** 2, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/** From the engine's form, such as "532KiB" or "1.5GiB". */
function inMebibytes(text: string): number {
  const [, value, unit = ""] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Number(value) * (MEBIBYTES_IN[unit] ?? Number.NaN);
}
