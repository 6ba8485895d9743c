import type { EngineEvent, OpMap, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Inventory, InventoryWorkload } from "../../components/model/inventory.ts";
import { causeOf } from "./cause.ts";
import { resourceName } from "./state.ts";

/** How far an update is with a service. */
export interface ServiceProgress {
  readonly service: string;
  readonly state: "waiting" | "starting" | "healthy" | "done" | "unchanged" | "failed";
  /** Since the update began, when its start began. `@default -` it has not begun */
  readonly since?: number;
  /** How long its start took. `@default -` it is not over */
  readonly took?: number;
  /** Services that have to be healthy first, while it waits. */
  readonly waitingFor: readonly string[];
}

/** The service of a resource and what the runtime calls it, where it is a copy of a service. */
export type InstanceOf = (resource: {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
}) => string | undefined;

/** Operations that make or change something; others only look. */
const MAKES = new Set(["create", "update", "replace", "create-replacement"]);

/** The SDK says it of every output that a stack has for other settings only. */
const UNDEFINED = "Undefined value (";

/** What each operation has done to a resource. */
const DONE = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
} as const;

interface Instance {
  state: "waiting" | "starting" | "ready" | "unchanged" | "failed";
  since?: number;
  until?: number;
  exitCode?: number;
}

/** Turns the engine's events into the progress of services. */
export class UpdateTracker {
  readonly #workloads: readonly InventoryWorkload[];
  readonly #instances = new Map<string, Instance>();
  readonly #instanceOf: InstanceOf;
  readonly #others = new Map<string, number>();
  readonly #causes: { readonly resource: string; readonly cause: string }[] = [];
  readonly #warnings = new Set<string>();
  #changes: OpMap | undefined;
  readonly #byUrn = new Map<string, string>();

  constructor({ workloads }: Inventory, instanceOf: InstanceOf) {
    this.#workloads = workloads;
    this.#instanceOf = instanceOf;
    for (const { instances } of workloads)
      for (const instance of instances) this.#instances.set(instance, { state: "waiting" });
  }

  /** Takes one event in; `now` is in milliseconds. */
  take(event: EngineEvent, now: number): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = event;
    if (resourcePreEvent !== undefined) this.#begun(resourcePreEvent.metadata, now);
    if (resOutputsEvent !== undefined) this.#ended(resOutputsEvent.metadata, now, "ready");
    if (resOpFailedEvent !== undefined) this.#ended(resOpFailedEvent.metadata, now, "failed");
    if (summaryEvent !== undefined) this.#changes = summaryEvent.resourceChanges;
    if (diagnosticEvent === undefined) return;
    const { severity, message, urn = "" } = diagnosticEvent;
    const cause = causeOf(message);
    if (cause === undefined) return;
    if (severity === "warning" && !cause.startsWith(UNDEFINED)) this.#warnings.add(cause);
    if (severity === "error") this.#causes.push({ resource: resourceName(urn), cause });
  }

  /** What the engine or the program wants to be said although nothing failed. */
  warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** How many resources were made, changed and left, such as `2 created, 40 unchanged`. `@default -` the update did not get so far */
  get resources(): string | undefined {
    const changes = this.#changes;
    if (changes === undefined) return undefined;
    const counts = Object.entries(DONE).map(([op, done]) => [changes[op as keyof OpMap] ?? 0, done] as const);
    return counts.flatMap(([count, done]) => (count === 0 ? [] : [`${count} ${done}`])).join(", ");
  }

  /** Copies of services whose start the engine waits for. */
  starting(): readonly string[] {
    return [...this.#instances].flatMap(([name, { state }]) => (state === "starting" ? [name] : []));
  }

  /** Copies of services that the engine gave up, and jobs that ended with a failure. */
  failed(): readonly string[] {
    return [...this.#instances].flatMap(([name, { state }]) => (state === "failed" ? [name] : []));
  }

  /** Jobs that ended with another exit code than 0. For the engine they are made; only their dependents do not come. */
  failedJobs(): readonly { readonly instance: string; readonly exitCode: number }[] {
    return [...this.#instances].flatMap(([instance, { exitCode = 0 }]) =>
      exitCode === 0 ? [] : [{ instance, exitCode }],
    );
  }

  /** What else the engine makes now, such as images that are pulled. */
  others(): readonly string[] {
    return [...this.#others.keys()].map(resourceName);
  }

  /** What the engine says was wrong, each once, in its order. */
  causes(): readonly { readonly resource: string; readonly cause: string }[] {
    return this.#causes.filter(({ cause }, index, all) => all.findIndex((one) => one.cause === cause) === index);
  }

  /** Every service in the order of start. */
  services(): readonly ServiceProgress[] {
    const ready = new Set(this.#workloads.filter((workload) => isReady(this.#of(workload))).map(({ name }) => name));
    return this.#workloads.map((workload) => {
      const all = this.#of(workload);
      const since = all.map((instance) => instance.since).filter((time) => time !== undefined);
      const until = all.map((instance) => instance.until).filter((time) => time !== undefined);
      const state = stateOf(all, workload.kind);
      return {
        service: workload.name,
        state,
        ...(since.length > 0 && { since: Math.min(...since) }),
        ...((isReady(all) || state === "failed") &&
          until.length > 0 && { took: Math.max(...until) - Math.min(...since) }),
        waitingFor:
          state === "waiting" ? workload.startsAfter.map(({ name }) => name).filter((name) => !ready.has(name)) : [],
      };
    });
  }

  #of({ instances }: InventoryWorkload): readonly Instance[] {
    return instances.map((name) => this.#instances.get(name) ?? { state: "waiting" });
  }

  #begun(metadata: StepEventMetadata, now: number): void {
    const instance = this.#instance(metadata);
    if (instance === undefined) {
      if (MAKES.has(metadata.op)) this.#others.set(metadata.urn, now);
      return;
    }
    if (MAKES.has(metadata.op)) Object.assign(instance, { state: "starting", since: instance.since ?? now });
    else if (metadata.op === "same") instance.state = "unchanged";
  }

  #ended({ op, urn, ...metadata }: StepEventMetadata, now: number, state: "ready" | "failed"): void {
    this.#others.delete(urn);
    const instance = this.#instance({ op, urn, ...metadata });
    if (instance?.state !== "starting" || !MAKES.has(op)) return;
    const exitCode = exitCodeOf(metadata);
    Object.assign(instance, { state: exitCode === 0 ? state : "failed", until: now, exitCode });
  }

  #instance({ urn, type, new: next }: StepEventMetadata): Instance | undefined {
    const inputs = next?.inputs as Record<string, unknown> | undefined;
    const name = (inputs && this.#instanceOf({ type, inputs })) ?? this.#byUrn.get(urn);
    if (name !== undefined) this.#byUrn.set(urn, name);
    return this.#instances.get(name ?? "");
  }
}

/** The exit code of a job's container, which the provider takes for made whatever it is. */
function exitCodeOf({ new: next }: Pick<StepEventMetadata, "new">): number {
  const { attach, exitCode } = (next?.outputs ?? {}) as { readonly attach?: unknown; readonly exitCode?: unknown };
  return attach === true && typeof exitCode === "number" ? exitCode : 0;
}

function isReady(instances: readonly Instance[]): boolean {
  return instances.every(({ state }) => state === "ready" || state === "unchanged");
}

function stateOf(instances: readonly Instance[], kind: InventoryWorkload["kind"]): ServiceProgress["state"] {
  if (instances.some(({ state }) => state === "failed")) return "failed";
  if (instances.every(({ state }) => state === "unchanged")) return "unchanged";
  if (isReady(instances)) return kind === "job" ? "done" : "healthy";
  return instances.some(({ state }) => state !== "waiting") ? "starting" : "waiting";
}
