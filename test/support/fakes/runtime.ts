import type { Inventory } from "../../../components/model/inventory.ts";
import type { Holder, LockStore } from "../../../cli/runtime/lock/holder.ts";
import type { Operations } from "../../../cli/runtime/operations.ts";
import type { FoundVolume, Observation, Runtime } from "../../../cli/runtime/runtime.ts";

export interface FakeRuntimeArgs {
  /** Takes what it is asked, in order. */
  readonly log: string[];
  /** States by service that are not good; one that is a function says so when it is asked. */
  readonly states?: Readonly<Record<string, string>>;
  /** Services whose resource the next update must replace. */
  readonly broken?: readonly string[];
  /** Who holds the stack; the log says nothing of it. @default - nobody */
  readonly lock?: LockStore;
  /** Volumes that are there under the names of the stack's. */
  readonly found?: readonly FoundVolume[];
  /** What speaks against the start of instances, by their name. */
  readonly symptoms?: Readonly<Record<string, string>>;
  /** Whether the runtime itself ends the engine's wait for an instance. @default true */
  readonly endsWait?: boolean;
  /** Calls that fail, with what they throw. */
  readonly fails?: Readonly<
    Partial<Record<"require" | "guard place" | "preflight" | "prepare images" | "guard" | "observe", Error | undefined>>
  >;
}

/** A lock that `held` has, or nobody. */
export function fakeLock(held?: Holder): LockStore & { readonly held: () => Holder | undefined } {
  return {
    held: () => held,
    take: (holder) => Promise.resolve((held ??= holder)),
    read: () => Promise.resolve(held),
    release({ token }) {
      if (held?.token === token) held = undefined;
      return Promise.resolve();
    },
  };
}

/** A runtime where everything is healthy, except what the arguments name. */
export function fakeRuntime(args: FakeRuntimeArgs): Runtime {
  const {
    log,
    states = {},
    broken = [],
    symptoms = {},
    endsWait = true,
    fails = {},
    found = [],
    lock = fakeLock(),
  } = args;
  const call = (name: string): Promise<void> => {
    log.push(name);
    const thrown = fails[name as keyof typeof fails];
    return thrown === undefined ? Promise.resolve() : Promise.reject(thrown);
  };
  return {
    instanceName: "container",
    require: () => call("require"),
    lock: () => lock,
    preflight: () => call("preflight"),
    prepareImages: () => call("prepare images"),
    guardPlace: () => call("guard place"),
    guard: () => call("guard"),
    findData: () => Promise.resolve(found),
    guardRemoval: () => call("guard removal"),
    removeOrphans: () => call("remove orphans"),
    async observe(inventory: Inventory): Promise<readonly Observation[]> {
      await call("observe");
      return inventory.workloads.flatMap(({ name, kind, instances }) =>
        instances.map((instance) => ({
          service: name,
          kind,
          instance,
          state: states[name] ?? (kind === "job" ? "done" : "healthy"),
        })),
      );
    },
    lastLogLines: (instance) => Promise.resolve([`last words of ${instance}`]),
    instanceOf: ({ inputs: { name } }) => (typeof name === "string" ? name : undefined),
    symptoms: (_, starting) =>
      Promise.resolve(
        Object.entries(symptoms).flatMap(([instance, what]) =>
          starting.includes(instance) ? [{ instance, what, graceMs: 0 }] : [],
        ),
      ),
    ...(endsWait && { endWait: (instance) => call(`end wait for ${instance}`) }),
    isBroken: ({ urn }) => broken.some((name) => urn.endsWith(`::${name}`)),
    keeps: () => false,
    removeData: () => Promise.resolve(0),
    get operations(): Operations {
      throw new Error("this fake runs no commands of operators: see fakeOperations");
    },
    removalCommand: (volumes) => `remove ${volumes.join(" ")}`,
  };
}
