import { execFile } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { docker } from "./e2e.ts";
import { hasImage } from "./available.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../e2e/programs/temporal-worker", import.meta.url));
/** Asks the worker itself. */
const PROBE = `fetch("http://127.0.0.1:8080").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
/** Seconds: longer than the ten after which an engine kills what nobody gave more. */
export const LONG = 20;

/** The settings of a worker with that image. */
export const greeter = (image: object, GREETING: string) => ({
  preset: "worker",
  image,
  probe: { command: ["node", "-e", PROBE] },
  variables: {
    TEMPORAL_HOST: "{workflows.address}",
    TEMPORAL_NAMESPACE: "{workflows.namespace}",
    DRAIN_TIMEOUT: "{service.drain}",
  },
  env: { TASK_QUEUE: "greetings", GREETING },
  resources: { limits: { memory: "512Mi" } },
});

/** The SDK's native part needs the GNU library, which images on Alpine have not. */
const BASES = ["node:22-bookworm-slim", "node:22-slim", "node:22", "node:22-alpine"];

/** An image with Node and the GNU library, which this engine has or can pull; nothing where there is none. */
export async function glibcNode(): Promise<string | undefined> {
  for (const image of BASES) {
    if (!(await hasImage(image))) continue;
    const asked = ["run", "--rm", "--entrypoint", "getconf", image, "GNU_LIBC_VERSION"];
    if ((await docker(...asked).catch(() => "")).startsWith("glibc")) return image;
  }
  return undefined;
}

/** Makes an image of `programs/temporal-worker` with its packages from npm. */
export async function makeWorkerImage(base: string, reference: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "apprun-worker-"));
  // The image takes it over as it is.
  chmodSync(directory, 0o755);
  cpSync(PROGRAM, directory, { recursive: true });
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: directory, timeout: 300_000 });
  await run(process.execPath, ["bundle.mjs"], { cwd: directory, timeout: 120_000 });
  // The package has its native part for each system; the image needs one.
  const parts = globSync("node_modules/@temporalio/core-bridge/releases/*", { cwd: directory });
  const own = process.arch === "arm64" ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";
  for (const part of parts) if (!part.endsWith(own)) rmSync(join(directory, part), { recursive: true });
  const container = (await docker("create", base)).trim();
  try {
    await docker("cp", `${directory}/.`, `${container}:/srv/worker`);
    const changes = ['ENTRYPOINT ["node"]', 'CMD ["/srv/worker/worker.mjs"]', "WORKDIR /srv/worker", "USER 1000:1000"];
    await docker("commit", ...changes.flatMap((change) => ["--change", change]), container, reference);
  } finally {
    await docker("rm", "-v", container);
    rmSync(directory, { recursive: true });
  }
}
