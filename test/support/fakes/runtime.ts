import type { Inventory } from "../../../components/model/inventory.ts";
import type { Observation, Runtime } from "../../../cli/runtime/runtime.ts";

export interface FakeRuntimeArgs {
  /** Takes what it is asked, in order. */
  readonly log: string[];
  /** States by service that are not good; one that is a function says so when it is asked. */
  readonly states?: Readonly<Record<string, string>>;
  /** Services whose resource the next update must replace. */
  readonly broken?: readonly string[];
  /** Calls that fail, with what they throw. */
  readonly fails?: Readonly<Partial<Record<"preflight" | "guard" | "observe", Error | undefined>>>;
}

/** A runtime where everything is healthy, except what the arguments name. */
export function fakeRuntime({ log, states = {}, broken = [], fails = {} }: FakeRuntimeArgs): Runtime {
  const call = (name: string): Promise<void> => {
    log.push(name);
    const thrown = fails[name as keyof typeof fails];
    return thrown === undefined ? Promise.resolve() : Promise.reject(thrown);
  };
  return {
    instanceName: "container",
    require: () => call("require"),
    preflight: () => call("preflight"),
    guard: () => call("guard"),
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
    isBroken: ({ urn }) => broken.some((name) => urn.endsWith(`::${name}`)),
    keeps: () => false,
    removeData: () => Promise.resolve(0),
    removalCommand: (volumes) => `remove ${volumes.join(" ")}`,
  };
}
