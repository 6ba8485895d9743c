import { budget, total, type BudgetRow } from "../../components/stack/budget.ts";
import { listening, type Inventory } from "../../components/model/inventory.ts";
import { mebibytes, millicores } from "../../components/model/units.ts";
import type { Finding } from "../../policies/evaluate.ts";
import { findingsOf } from "./policies.ts";
import type { Project } from "./project.ts";

/** A dry run as data. */
export interface Plan {
  readonly stack: string;
  /** Every resource in the order of its registration. */
  readonly resources: readonly { readonly type: string; readonly name: string }[];
  /** Workloads and jobs; each row starts after all rows with a lower step that it waits for. */
  readonly startOrder: readonly {
    readonly step: number;
    readonly name: string;
    readonly kind: string;
    readonly image: string;
    readonly replicas: number;
    /** Replicas under load, at most. `@default -` their number is fixed */
    readonly maxReplicas?: number;
    readonly after: readonly string[];
  }[];
  /** Where the host will listen. */
  readonly published: readonly { readonly workload: string; readonly listens: string; readonly exposure: string }[];
  /** Variables that hold a secret themselves, because the settings say so. */
  readonly secretVariables: readonly { readonly workload: string; readonly variables: readonly string[] }[];
  readonly volumes: Inventory["volumes"];
  /** What is on servers that others run: this program does not size it, and backs up its databases only. */
  readonly elsewhere: readonly { readonly what: string; readonly where: string; readonly keptBy: string }[];
  readonly budget: readonly BudgetRow[];
  /** What keeps workloads from being replicated, or replicas from spreading. */
  readonly scaleLimits: readonly { readonly workload: string; readonly limit: string }[];
  /** CPU in thousandths of a core, memory and disk in MiB. `@default -` a cluster, whose scheduler decides */
  readonly host?: { readonly cpu: number; readonly memory: number; readonly disk: number };
  readonly sum: { readonly cpu: number; readonly memory: number; readonly disk: number };
  readonly urls: Readonly<Record<string, string>>;
  /** What the policies found, mandatory ones first. */
  readonly findings: readonly Finding[];
}

/** What a project's stack would be. */
export function planOf(project: Pick<Project, "stack" | "settings" | "recording">): Plan {
  const { stack, settings, recording } = project;
  const { inventory, urls } = recording.result;
  const rows = budget(settings);
  const { cpu, memory, disk } = settings.host;
  return {
    stack,
    resources: recording.resources.map(({ type, name }) => ({ type, name })),
    startOrder: startOrder(inventory),
    published: inventory.workloads.flatMap(({ name, ports }) =>
      ports.flatMap((port) => listening(port).map((listens) => ({ workload: name, listens, exposure: port.exposure }))),
    ),
    secretVariables: inventory.workloads.flatMap(({ name, secretVariables: variables }) =>
      variables === undefined ? [] : [{ workload: name, variables }],
    ),
    volumes: inventory.volumes,
    elsewhere: elsewhere(settings),
    budget: rows,
    scaleLimits: inventory.workloads.flatMap(({ name, scaleLimit }) =>
      scaleLimit === undefined ? [] : [{ workload: name, limit: scaleLimit }],
    ),
    ...(settings.platform === "docker" && {
      host: { cpu: millicores(cpu), memory: mebibytes(memory), disk: mebibytes(disk) },
    }),
    sum: { cpu: total(rows, "cpu"), memory: total(rows, "memory"), disk: total(rows, "disk") },
    urls,
    findings: findingsOf(project),
  };
}

/** Workloads with the earliest step at which each can start. */
function startOrder({ workloads }: Inventory): Plan["startOrder"] {
  const steps = new Map<string, number>();
  return workloads
    .map(({ name, kind, reference, replicas, maxReplicas, startsAfter }) => {
      // Registration is in dependency order, so everything waited for has its step already.
      const step = 1 + Math.max(0, ...startsAfter.map((before) => steps.get(before.name) ?? 0));
      steps.set(name, step);
      return {
        step,
        name,
        kind,
        image: reference,
        replicas,
        ...(maxReplicas !== undefined && { maxReplicas }),
        after: [...new Set(startsAfter.map((before) => before.name))],
      };
    })
    .sort((a, b) => a.step - b.step);
}

function elsewhere({ postgres, cache, storage, backup }: Project["settings"]): Plan["elsewhere"] {
  const row = (what: string, where: string | undefined, keptBy: string) =>
    where === undefined ? [] : [{ what, where, keptBy }];
  const address = (server?: { readonly host: string; readonly port: number }) =>
    server && `${server.host}:${server.port}`;
  const { s3 } = storage;
  return [
    ...row(
      "databases",
      address(postgres.external),
      backup.enabled ? "backup, and the server's own" : "the server's own backups",
    ),
    ...row("cache", address(cache.external), "the server's own persistence"),
    ...row(
      "the app's files",
      s3 && `${s3.bucket} at ${s3.endpoint ?? `AWS ${s3.region}`}`,
      "the bucket's own versioning",
    ),
  ];
}
