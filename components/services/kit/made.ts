import type { Input, Output } from "@pulumi/pulumi";
import type { ConfigFile, Endpoint } from "../../model/workload.ts";
import type { SecretValues } from "./secrets.ts";

/** How an operator logs in to a service. */
export interface Login {
  readonly username: Input<string>;
  readonly password: Output<string>;
}

/** What Grafana asks for figures, lines or traces; its uid is its type. */
export interface DataSource {
  readonly name: string;
  /** Grafana's name of the kind. */
  readonly type: string;
  readonly endpoint: Endpoint;
  /** Grafana's `jsonData`. @default - none */
  readonly jsonData?: Readonly<Record<string, string>>;
}

/** What the composition gathers from services, whichever they are. */
export interface Made {
  /** The port behind each of its pages, by the page's name. @default - it has none */
  readonly pages?: Readonly<Record<string, Endpoint<"app">>>;
  /** How operators log in, by the name that `credentials` lists. @default - they do not */
  readonly logins?: Readonly<Record<string, Login>>;
  /** What Grafana can ask. @default - nothing */
  readonly dataSource?: DataSource;
  /** Keys that its data is encrypted with, by the name of their resource: the current value first. @default - none */
  readonly dataKeys?: Readonly<Record<string, SecretValues>>;
  /** Plain configuration files that a backup set keeps, by workload. @default - none */
  readonly configuration?: Readonly<Record<string, readonly ConfigFile[]>>;
}

/** One field of all services, merged. */
export function gather<Field extends "pages" | "logins" | "dataKeys" | "configuration">(
  made: readonly Made[],
  field: Field,
): NonNullable<Made[Field]> {
  return Object.fromEntries(made.flatMap((each) => Object.entries(each[field] ?? {}))) as NonNullable<Made[Field]>;
}
