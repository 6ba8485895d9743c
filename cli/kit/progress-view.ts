import cliTruncate from "cli-truncate";
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import { isColoured } from "./colours.ts";

/** One line of the progress: a service, or whatever else takes its time. */
export interface ProgressRow {
  readonly service: string;
  readonly state: string;
  /** Since the start of the run, when its own start began, in milliseconds. */
  readonly since?: number | undefined;
  /** How long its start took, in milliseconds. */
  readonly took?: number | undefined;
  readonly waitingFor: readonly string[];
}

export interface Progress {
  readonly rows: readonly ProgressRow[];
  /** What else is being made. */
  readonly others: readonly string[];
}

/** States with which nothing more comes of a service. */
const GOOD = new Set(["healthy", "done", "unchanged"]);

/** Shows how far an update is. */
export interface ProgressView {
  show(progress: Progress, now: number): void;
  /** Leaves the last picture where it is. */
  end(progress: Progress, now: number): void;
}

/** The view for a stream: drawn again on a terminal, else a line for each change. */
export function progressView(stream: NodeJS.WriteStream, json: boolean): ProgressView {
  if (json) return new Changes(stream, asJson);
  return stream.isTTY && process.env["TERM"] !== "dumb" ? new Picture(stream) : new Changes(stream, inWords);
}

/** A line for each change of a service: for logs and programs. */
class Changes implements ProgressView {
  readonly #stream: NodeJS.WriteStream;
  readonly #line: (row: ProgressRow, now: number) => string;
  readonly #shown = new Map<string, string>();

  constructor(stream: NodeJS.WriteStream, line: (row: ProgressRow, now: number) => string) {
    this.#stream = stream;
    this.#line = line;
  }

  show({ rows }: Progress, now: number): void {
    for (const row of rows) {
      if (row.state === (this.#shown.get(row.service) ?? "waiting")) continue;
      this.#shown.set(row.service, row.state);
      // People see what is unchanged in the sum.
      if (row.state !== "unchanged" || this.#line === asJson) this.#stream.write(`${this.#line(row, now)}\n`);
    }
  }

  end(progress: Progress, now: number): void {
    this.show(progress, now);
    if (this.#line === inWords) this.#stream.write(`${sumLine(progress, now)}\n`);
  }
}

/** The whole state in place, one line a service. */
class Picture implements ProgressView {
  readonly #stream: NodeJS.WriteStream;
  readonly #draw: (text: string) => void;
  readonly #done: () => void;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    const draw = createLogUpdate(stream);
    this.#draw = draw;
    this.#done = () => {
      draw.done();
    };
  }

  show(progress: Progress, now: number): void {
    // One line less than the terminal has, because a picture that scrolls cannot be drawn again.
    this.#draw(picture(progress, now, { ...this.#size(), coloured: isColoured(this.#stream, process.env) }).join("\n"));
  }

  end(progress: Progress, now: number): void {
    const all = { columns: this.#size().columns, rows: Infinity, coloured: isColoured(this.#stream, process.env) };
    this.#draw(picture(progress, now, all).join("\n"));
    this.#done();
  }

  #size() {
    const { columns, rows } = this.#stream;
    return { columns, rows: rows - 1 };
  }
}

/** The lines of a picture that fits; what is over gives way to what is not. */
export function picture(
  progress: Progress,
  now: number,
  { columns, rows, coloured }: { readonly columns: number; readonly rows: number; readonly coloured: boolean },
): readonly string[] {
  const colours = pc.createColors(coloured);
  const paint: Record<string, (text: string) => string> = {
    failed: colours.red,
    starting: colours.yellow,
    waiting: colours.dim,
  };
  const width = Math.max(0, ...progress.rows.map(({ service }) => service.length));
  const open = progress.rows.filter(({ state }) => !GOOD.has(state));
  const shown = progress.rows.length + 1 <= rows ? progress.rows : open.slice(0, Math.max(0, rows - 1));
  const lines = shown.map((row) => {
    const mark = { failed: "✗", starting: "…", waiting: " " }[row.state] ?? "✓";
    const text = `${mark} ${row.service.padEnd(width)}  ${inWords(row, now).slice(row.service.length + 1)}`;
    return (paint[row.state] ?? colours.green)(cliTruncate(text, columns));
  });
  return [...lines, colours.bold(cliTruncate(sumLine(progress, now), columns))];
}

/** A service and how far it is, such as `kratos waiting for postgres`. */
export function inWords({ service, state, since, took, waitingFor }: ProgressRow, now: number): string {
  if (state === "waiting") return `${service} waiting${waitingFor.length > 0 ? ` for ${waitingFor.join(", ")}` : ""}`;
  const time = took ?? (since === undefined || GOOD.has(state) ? undefined : now - since);
  return `${service} ${state}${time === undefined ? "" : ` ${seconds(time)}`}`;
}

function asJson({ service, state, since, took }: ProgressRow, now: number): string {
  return JSON.stringify({
    at: round(now),
    service,
    state,
    ...(took !== undefined && { took: round(took) }),
    ...(since !== undefined && { since: round(since) }),
  });
}

/** How many are ready, since when, and what else is under way. */
export function sumLine({ rows, others }: Progress, now: number): string {
  const good = rows.filter(({ state }) => GOOD.has(state)).length;
  const failed = rows.filter(({ state }) => state === "failed").length;
  return [
    `${good} of ${rows.length} ready`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    seconds(now),
    ...(others.length > 0 ? [`making ${others.join(", ")}`] : []),
  ].join(" · ");
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
