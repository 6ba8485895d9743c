import { expect } from "vitest";

/** Lines with one set of labels. */
export interface LogStream {
  readonly labels: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/** Asks Loki as a client of it would; `fetchText` gets a path of its API. */
export class LokiApi {
  readonly #fetchText: (path: string) => Promise<string>;

  constructor(fetchText: (path: string) => Promise<string>) {
    this.#fetchText = fetchText;
  }

  /** What a query over the last hour finds. */
  async find(query: string): Promise<readonly LogStream[]> {
    const answer = await this.#fetchText(`/loki/api/v1/query_range?limit=1000&query=${encodeURIComponent(query)}`);
    const { data } = JSON.parse(answer) as {
      data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
    };
    return data.result.map(({ stream, values }) => ({ labels: stream, lines: values.map(([, line]) => line) }));
  }

  /** Names of all labels that any line has. */
  async labels(): Promise<readonly string[]> {
    return (JSON.parse(await this.#fetchText("/loki/api/v1/labels")) as { data: string[] }).data;
  }

  /** Values of one label. */
  async values(label: string): Promise<readonly string[]> {
    return (JSON.parse(await this.#fetchText(`/loki/api/v1/label/${label}/values`)) as { data?: string[] }).data ?? [];
  }

  /** The configuration that it runs with, in YAML. */
  configuration(): Promise<string> {
    return this.#fetchText("/config");
  }
}

/** Waits until a query finds a line that matches, with exactly these labels. */
export async function expectLine(
  loki: LokiApi,
  query: string,
  labels: LogStream["labels"],
  line: RegExp,
): Promise<void> {
  await expect
    .poll(() => loki.find(query).catch(String), { timeout: 120_000, interval: 2000 })
    .toContainEqual({ labels, lines: expect.arrayContaining([expect.stringMatching(line)]) as string[] });
}
