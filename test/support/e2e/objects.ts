import { readFileSync } from "node:fs";
import { docker } from "./e2e.ts";

/** A request to an S3 service; see test/e2e/programs/objects.mjs. */
export interface ObjectRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Key with its slash, and the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - the app's */
  readonly bucket?: string;
  /** @default - the app's */
  readonly keys?: { readonly id: string; readonly key: string };
  readonly text?: string;
  /** Content of so many bytes, which `seed` decides on. */
  readonly bytes?: number;
  readonly seed?: string;
}

export interface ObjectAnswer {
  readonly status: number;
  readonly version?: string;
  readonly type?: string;
  readonly sha256: string;
  readonly text: string;
}

/** Runs a program of test/e2e/programs in a container that has Node. */
export function inNode(container: string, program: string, ...args: readonly string[]): Promise<string> {
  const text = readFileSync(new URL(`../../e2e/programs/${program}`, import.meta.url), "utf8");
  return docker("exec", container, "node", "--input-type=module", "-e", text, "--", ...args);
}

/** Asks from inside of the app's container. */
export async function askObjects(
  container: string,
  ...requests: readonly ObjectRequest[]
): Promise<readonly ObjectAnswer[]> {
  return JSON.parse(await inNode(container, "objects.mjs", JSON.stringify(requests))) as readonly ObjectAnswer[];
}

/** Which of these ports of a host take a connection from inside of a container. */
export async function openPorts(container: string, host: string, ports: readonly number[]): Promise<readonly number[]> {
  const program = `const { connect } = require("node:net");
    Promise.all(${JSON.stringify(ports)}.map((port) => new Promise((resolve) => {
      const socket = connect({ host: "${host}", port, timeout: 3000 });
      for (const event of ["connect", "error", "timeout"]) socket.on(event, () => { socket.destroy(); resolve(event === "connect" ? [port] : []); });
    }))).then((found) => console.log(JSON.stringify(found.flat())));`;
  return JSON.parse(await docker("exec", container, "node", "-e", program)) as readonly number[];
}
