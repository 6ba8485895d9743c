import type { StackIdentity } from "../components/model/identity.ts";
import type { Named } from "../components/services/catalogue.ts";
import { POLICIES } from "./all.ts";
import {
  message,
  problems,
  type Column,
  type Enforcement,
  type PolicyContext,
  type PolicyResource,
  type BackupRoom,
  type CloudflareFacts,
} from "./policy.ts";

/** One thing that a policy found. */
export interface Finding {
  readonly policy: string;
  readonly enforcement: Exclude<Enforcement, "off">;
  /** What was given, what is allowed, what to do. */
  readonly message: string;
  /** Why it is accepted in this stack. `@default -` it is not */
  readonly accepted?: string;
}

/** The column of the table of enforcement that counts for a stack. */
export function columnOf(stack: string): Column {
  return stack === "prod" ? "prod" : "elsewhere";
}

/** What a stack's settings add to the resources. */
export interface Judged {
  readonly identity: StackIdentity;
  /** MiB. `@default -` not known */
  readonly hostMemory?: number;
  /** `@default -` not known */
  readonly backupRoom?: BackupRoom;
  /** @default false */
  readonly clientsUnknown?: boolean;
  /** `@default -` it is not in front */
  readonly cloudflare?: CloudflareFacts | undefined;
  /** What the settings name. `@default -` nothing */
  readonly named?: Named;
  /** Reasons by policy: their findings do not end the command. @default {} */
  readonly accept?: Readonly<Record<string, string>>;
}

/** Every finding of every policy; mandatory ones first. */
export function evaluate(
  resources: readonly PolicyResource[],
  { identity, hostMemory, backupRoom, clientsUnknown, cloudflare, named, accept = {} }: Judged,
): readonly Finding[] {
  const context: PolicyContext = {
    identity,
    column: columnOf(identity.stack),
    hostMemory,
    backupRoom,
    clientsUnknown,
    cloudflare,
    named,
  };
  const found = POLICIES.flatMap((policy): readonly Finding[] => {
    const enforcement = policy.enforcement[context.column];
    if (enforcement === "off") return [];
    const accepted = accept[policy.name];
    return problems(policy, resources, context).map((got) => ({
      policy: policy.name,
      enforcement: accepted === undefined ? enforcement : "advisory",
      message: message(policy, got),
      ...(accepted !== undefined && { accepted }),
    }));
  });
  return [...found.filter(isMandatory), ...found.filter((finding) => !isMandatory(finding))];
}

export function isMandatory({ enforcement }: Finding): boolean {
  return enforcement === "mandatory";
}
