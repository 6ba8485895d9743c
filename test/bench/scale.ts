import { ComponentResource } from "@pulumi/pulumi";
import { record } from "../../cli/kit/record.ts";
import { parseSettings } from "../../components/stack/parse.ts";
import { selectImage } from "../../components/services/catalogue.ts";
import { createPlatform } from "../../components/platform/create.ts";
import type { WorkloadSpec } from "../../components/model/workload.ts";
import { Stack } from "../../components/stack/stack.ts";

/** Extra workloads of each measurement. */
const COUNTS = [1, 10, 25, 50] as const;
const TIMES = 3;

export interface ScaleRow {
  readonly extraWorkloads: number;
  /** Milliseconds of the fastest of three recordings. */
  readonly milliseconds: number;
  readonly resources: number;
}

/** The time that a recording of a stack on Kubernetes takes, by the number of app-like workloads beside it. */
export async function scaleRows(): Promise<readonly ScaleRow[]> {
  await measured(1); // The first one also loads the provider's code.
  const rows: ScaleRow[] = [];
  for (const extraWorkloads of COUNTS) rows.push(await measured(extraWorkloads));
  return rows;
}

async function measured(extraWorkloads: number): Promise<ScaleRow> {
  let best: ScaleRow | undefined;
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now();
    const resources = await recorded(extraWorkloads);
    const milliseconds = performance.now() - start;
    if (best === undefined || milliseconds < best.milliseconds) best = { extraWorkloads, milliseconds, resources };
  }
  if (best === undefined) throw new Error("measure at least once");
  return best;
}

async function recorded(extraWorkloads: number): Promise<number> {
  const settings = parseSettings(
    { project: "apprun", stack: "dev" },
    { values: { platform: "kubernetes" }, secrets: {}, plainSecrets: [] },
  );
  const { resources } = await record(settings.identity, () => {
    new Stack(settings);
    const parent = new ComponentResource("apprun:bench:Extra", "extra");
    const platform = createPlatform(settings, (name) => selectImage(name), parent);
    for (let index = 0; index < extraWorkloads; index += 1) platform.workload(`extra-${index}`, EXTRA, { parent });
  });
  return resources.length;
}

const EXTRA: WorkloadSpec<"app"> = {
  tier: "app",
  zone: "backend",
  image: selectImage("apprun"),
  env: { LOG_LEVEL: "info" },
  files: [{ path: "/app/config/default.yaml", content: "a: 1" }],
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
  runAs: { uid: 10001, gid: 10001 },
  replicas: 2,
  ports: { http: { port: 8080, exposure: "proxied" } },
  probe: { kind: "http", port: "http", path: "/health" },
};
