import type { Inventory, InventoryWorkload } from "../../components/model/inventory.ts";
import type { Problem } from "../../components/model/problem.ts";
import type { PlainLogin } from "../engine/registry-logins.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { Project } from "../kit/project.ts";
import type { LockStore } from "./lock/holder.ts";
import type { LostDataOptions } from "./lost-data.ts";
import type { Operations } from "./operations.ts";
import type { Symptom } from "./watch.ts";

/** How an instance is doing: `healthy`, `starting`, `recovering`, `unhealthy`, `done`, `failed (1)`, `missing` or the runtime's own word. */
export type InstanceState = string;

export interface Observation {
  readonly service: string;
  readonly kind: InventoryWorkload["kind"];
  /** Jobs and schedules have none. */
  readonly tier?: InventoryWorkload["tier"];
  /** What the runtime calls it. */
  readonly instance: string;
  readonly state: InstanceState;
}

/** Whether an instance is as it should be. */
export function isGood({ state }: Pick<Observation, "state">): boolean {
  return state === "healthy" || state === "done";
}

/** Whether an instance may become good by itself. */
export function mayRecover({ state }: Pick<Observation, "state">): boolean {
  return (
    state === "starting" ||
    state === "recovering" ||
    state === "unhealthy" ||
    state === "running" ||
    state === "restarting" ||
    state === "CrashLoopBackOff"
  );
}

/** Whose things are meant, where the settings do not matter or are gone. */
export interface Owner {
  readonly stack: string;
  readonly settings: Pick<Project["settings"], "identity">;
}

/** Reads the logins of these registries' hosts, which may decrypt and run the operator's command. */
export type ReadLogins = (hosts: readonly string[]) => Promise<readonly PlainLogin[]>;

/** A volume of the place under the name of one that holds the stack's data. */
export interface FoundVolume {
  readonly id: string;
  /** What says that it is not the stack's own, or not free. `@default -` nothing */
  readonly strange?: string;
}

/** What the operator says of the data before a command changes anything. */
export interface GuardOptions extends LostDataOptions {
  /** What the state has forgotten may be taken up. */
  readonly takeData?: boolean;
}

/** What runs a stack, as the commands see it: one Docker Engine or one Kubernetes cluster. */
export interface Runtime {
  /** What an instance is, such as `container`; comes before its name. */
  readonly instanceName: string;
  /** What operators do by hand with what runs. */
  readonly operations: Operations;
  /** @throws CliError with exit code 3 when nothing answers */
  require(): Promise<void>;
  /** Who may change a stack here. */
  lock(owner: Owner): LockStore;
  /**
   * Looks whether the stack can be deployed, before anything is changed.
   * @throws CliError with every problem at once
   */
  preflight(project: Project): Promise<void>;
  /**
   * Brings every image of the stack where it will run, before anything else is changed; says what it cannot look at.
   * `logins` reads the passwords of registries.
   * @throws CliError with every image that is not there and cannot be pulled
   */
  prepareImages(project: Project, logins: ReadLogins): Promise<void>;
  /**
   * Looks whether this is the place that the state belongs to, before a command changes anything there.
   * @throws CliError with the ways on
   */
  guardPlace(owner: Owner, state: State): Promise<void>;
  /**
   * Looks whether the state may be applied here: whether this is its place, whether its data is there and no other's.
   * @throws CliError that names it; nothing was changed
   */
  guard(project: Project, state: State, options?: GuardOptions): Promise<void>;
  /** What is there under the names of volumes that hold the stack's data. */
  findData(project: Pick<Project, "settings" | "recording">): Promise<readonly FoundVolume[]>;
  /**
   * The same before everything of a stack is removed, by what is there and not by what the settings name.
   * @throws CliError that names it; nothing was changed
   */
  guardRemoval(owner: Owner, state: State): Promise<void>;
  /** Every instance that the model asks for, as it is now. */
  observe(inventory: Inventory): Promise<readonly Observation[]>;
  /** Where the host listens otherwise than the model says. `@default -` there is no host to look at */
  exposure?(project: Project): Promise<readonly Problem[]>;
  /** The last lines that an instance wrote; none when it has no log. */
  lastLogLines(instance: string, lines: number): Promise<readonly string[]>;
  /** Removes what an interrupted update made and the state does not know; never what holds data. */
  removeOrphans(owner: Owner, state: State): Promise<void>;
  /** Whether the next update must replace a resource because it failed and does not come back by itself. */
  isBroken(resource: StateResource, observations: readonly Observation[]): boolean;
  /** What the runtime calls the copy of a service that a resource is; nothing for other resources. */
  instanceOf(resource: { readonly type: string; readonly inputs: Record<string, unknown> }): string | undefined;
  /** What speaks against the start of these instances, which the engine waits for. */
  symptoms(workloads: readonly InventoryWorkload[], starting: readonly string[]): Promise<readonly Symptom[]>;
  /**
   * Ends the engine's wait for an instance that does not come up. What it runs in may go; nothing else does.
   * `@default -` the engine's own cancellation ends it
   */
  endWait?(instance: string): Promise<void>;
  /** Whether a resource is, or holds together, data that a destroy keeps. */
  keeps(resource: StateResource, project: Project): boolean;
  /** Runs the engine's destroy and removes the data that it was told to retain, except volumes of these names. Returns how many volumes it removed. */
  removeData(owner: Owner, except: readonly string[], destroy: () => Promise<unknown>): Promise<number>;
  /** How to delete a volume by hand, for an error that names it. */
  removalCommand(volumes: readonly string[]): string;
}
