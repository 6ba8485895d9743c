import type { Output } from "@pulumi/pulumi";
import type { ConfigFile, Endpoint, Ready } from "../../model/workload.ts";
import { authorityFiles, type Authority } from "./authorities.ts";
import type { Fact } from "./fact.ts";

/** A secret of the app's: in the file which `<variable>_FILE` names, or in the variable itself. */
export interface LinkedSecret {
  /** Name of the file. */
  readonly file: string;
  readonly content: Output<string>;
}

/**
 * What the app is told of a service, and how it gets there. The service says
 * it; the app takes a list of these and knows none of them by name.
 */
export interface Link {
  /** What variables of the operator's own can name, such as `cache.host`. @default {} */
  readonly facts?: Readonly<Record<string, Fact>>;
  /** Plain variables. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets, by variable. @default {} */
  readonly secrets?: Readonly<Record<string, LinkedSecret>>;
  /** The authority that signed the server's certificate, and what it is called among those that the app trusts. @default - a publicly trusted one */
  readonly authority?: Authority & { readonly kind: string };
  /** @default - it is outside of the stack, which the app may reach anyway */
  readonly connectsTo?: readonly Endpoint[];
  /** @default - nothing to wait for */
  readonly dependsOn?: readonly Ready[];
}

/** What a container has of its links, besides what it is told. */
export interface Linked {
  /** The authorities of servers with a private one. */
  readonly files: readonly ConfigFile[];
  readonly connectsTo: readonly Endpoint[];
  readonly dependsOn: readonly Ready[];
}

/** What a container needs to reach everything that its links tell it of. */
export function linked(links: readonly Link[]): Linked {
  return {
    files: links.flatMap(({ authority }) => (authority === undefined ? [] : authorityFiles(authority.kind, authority))),
    connectsTo: links.flatMap(({ connectsTo = [] }) => connectsTo),
    dependsOn: links.flatMap(({ dependsOn = [] }) => dependsOn),
  };
}
