import type { StackIdentity } from "../components/model/identity.ts";
import type { Plan } from "../components/model/cloudflare-plans.ts";
import type { Named } from "../components/services/catalogue.ts";
import { phrase } from "../components/model/problem.ts";

/** A resource as plain data: what a recording, a preview, an update and stored state all have. */
export interface PolicyResource {
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Its inputs; a value that only the engine will know is `UNKNOWN`. */
  readonly props: Readonly<Record<string, unknown>>;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
}

/** What the checks know about the stack. */
export interface PolicyContext {
  readonly identity: StackIdentity;
  readonly column: Column;
  /** MiB that the Docker host gives to the stack. `@default -` not known: nothing is compared with it */
  readonly hostMemory?: number | undefined;
  /** MiB that are planned for backups and for what they hold. `@default -` not known: nothing is compared with it */
  readonly backupRoom?: BackupRoom | undefined;
  /** Whether clients are counted by an address that a cluster may hide, and nobody said whether it does. `@default -` no */
  readonly clientsUnknown?: boolean | undefined;
  /** What is compared with Cloudflare. `@default -` it is not in front, or nobody knows */
  readonly cloudflare?: CloudflareFacts | undefined;
  /** What the settings name. `@default -` nothing */
  readonly named?: Named | undefined;
}

/** What a stack asks of Cloudflare in front of it. */
export interface CloudflareFacts {
  readonly plan: Plan;
  /** Names of its zones. */
  readonly zones: readonly string[];
  /** Bytes. */
  readonly maxBody: number;
  /** Seconds. */
  readonly responseTimeout: number;
}

/** Planned sizes in MiB. */
export interface BackupRoom {
  /** The volume of backups. */
  readonly storage: number;
  /** The local repository in it. */
  readonly repository: number;
  /** The database's volume. */
  readonly database: number;
  /** The larger of the local and the remote repository, before an alert tells. */
  readonly largest: number;
  /** The limit of the container that takes them. */
  readonly memory: number;
}

/** What a finding does: end the command, be shown, or not be looked for. */
export type Enforcement = "mandatory" | "advisory" | "off";

/** Stacks for which the rules of production count, and all others. */
export type Column = "prod" | "elsewhere";

interface PolicyFacts {
  /** Lower case with hyphens; what `policies.accept` and the engine call it. */
  readonly name: string;
  /** One sentence: what holds, and which failure that avoids. */
  readonly description: string;
  readonly enforcement: Readonly<Record<Column, Enforcement>>;
  /** What is allowed, as the middle of the message. */
  readonly allowed: string;
  /** What to do, as the end of the message. */
  readonly remedy: string;
}

/** A rule that one resource keeps or breaks. `check` returns what is wrong, one text each. */
export interface ResourcePolicy extends PolicyFacts {
  readonly kind: "resource";
  check(resource: PolicyResource, context: PolicyContext): readonly string[];
}

/** A rule over all resources of a stack. */
export interface StackPolicy extends PolicyFacts {
  readonly kind: "stack";
  check(resources: readonly PolicyResource[], context: PolicyContext): readonly string[];
}

export type Policy = ResourcePolicy | StackPolicy;

/** In production a finding ends the command; elsewhere it is shown. */
export const PROD_ONLY = { prod: "mandatory", elsewhere: "advisory" } as const;

/** A finding is shown, and ends no command. */
export const SHOWN = { prod: "advisory", elsewhere: "advisory" } as const;

/** A finding ends the command wherever it is. */
export const EVERYWHERE = { prod: "mandatory", elsewhere: "mandatory" } as const;

/** Looked for in production only, where development goes without on purpose. */
export const NOT_ELSEWHERE = { prod: "mandatory", elsewhere: "off" } as const;

/** The message of one finding: what was given, what is allowed, what to do. */
export function message({ allowed, remedy }: Policy, got: string): string {
  return phrase({ got, allowed, fix: remedy });
}

/** What one policy has to say about a stack. */
export function problems(
  policy: Policy,
  resources: readonly PolicyResource[],
  context: PolicyContext,
): readonly string[] {
  const found =
    policy.kind === "stack"
      ? policy.check(resources, context)
      : resources.flatMap((resource) => policy.check(resource, context));
  // Several containers of one image are one thing to fix.
  return [...new Set(found)];
}
