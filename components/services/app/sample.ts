import { readFileSync } from "node:fs";
import type { Endpoint, WorkloadSpec } from "../../model/workload.ts";

/** Where the program is in the container. */
const PROGRAM = "/opt/sample/sample.mjs";

/** Ports that speak HTTP, by the names that services give them. */
const HTTP_PORTS: ReadonlySet<string> = new Set(["http", "public", "admin"]);

/** What the sample app shows besides the services that it connects to. */
export interface SampleArgs {
  readonly stack: string;
  readonly port: number;
  readonly pages: readonly { readonly name: string; readonly url: string }[];
}

/** Runs the sample app in the image of a plain Node: one file, without packages and without a build. */
export function sampleSpec(
  { stack, port, pages }: SampleArgs,
  connectsTo: readonly Endpoint[],
): Required<Pick<WorkloadSpec, "entrypoint" | "args" | "env" | "files">> {
  const services = connectsTo.map(({ workload, portName, host, port: on, tier }) => ({
    name: portName === "http" || portName === workload ? workload : `${workload} (${portName})`,
    host,
    port: on,
    http: HTTP_PORTS.has(portName),
    // It is of no use while data is out of reach; of other services it shows that they are away.
    required: tier === "data",
  }));
  return {
    entrypoint: ["node"],
    args: [PROGRAM],
    env: { SAMPLE: JSON.stringify({ stack, port, services, pages }) },
    files: [{ path: PROGRAM, content: readFileSync(new URL("sample/sample.mjs", import.meta.url), "utf8") }],
  };
}
