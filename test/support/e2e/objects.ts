import { readFileSync } from "node:fs";
import type { Inside } from "./inside.ts";

/** A request to an S3 service; see test/e2e/programs/objects.mjs. */
export interface ObjectRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Key with its slash, and the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - the app's */
  readonly bucket?: string;
  /** @default - the app's */
  readonly keys?: ObjectKeys;
  readonly text?: string;
  /** Content of so many bytes, which `seed` decides on. */
  readonly bytes?: number;
  readonly seed?: string;
}

export interface ObjectKeys {
  readonly id: string;
  readonly key: string;
}

export interface ObjectAnswer {
  readonly status: number;
  readonly version?: string;
  readonly type?: string;
  readonly sha256: string;
  readonly text: string;
}

export const put = (path: string, content: Partial<ObjectRequest>): ObjectRequest => ({
  method: "PUT",
  path,
  ...content,
});
export const read = (path: string): ObjectRequest => ({ method: "GET", path });
export const remove = (path: string): ObjectRequest => ({ method: "DELETE", path });
export const version = (path: string, { version: id = "" }: Pick<ObjectAnswer, "version"> = {}): string =>
  `${path}?versionId=${id}`;

/** Runs a program of test/e2e/programs in a container that has Node. */
export function inNode(inside: Inside, program: string, ...args: readonly string[]): Promise<string> {
  const text = readFileSync(new URL(`../../e2e/programs/${program}`, import.meta.url), "utf8");
  return inside("node", "--input-type=module", "-e", text, "--", ...args);
}

/** Which of these ports of a host take a connection from inside of a container. */
export async function openPorts(inside: Inside, host: string, ports: readonly number[]): Promise<readonly number[]> {
  const program = `const { connect } = require("node:net");
    Promise.all(${JSON.stringify(ports)}.map((port) => new Promise((resolve) => {
      const socket = connect({ host: "${host}", port, timeout: 3000 });
      for (const event of ["connect", "error", "timeout"]) socket.on(event, () => { socket.destroy(); resolve(event === "connect" ? [port] : []); });
    }))).then((found) => console.log(JSON.stringify(found.flat())));`;
  return JSON.parse(await inside("node", "-e", program)) as readonly number[];
}
