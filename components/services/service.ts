import type { z } from "zod";
import type { CatalogueImage, ImageFacts } from "../model/images.ts";
import type { PageSpec } from "../model/page.ts";
import type { RotatedSecretFacts } from "../model/rotation.ts";
import type { SchemaSource } from "../model/schema-version.ts";
import type { Size } from "../model/size.ts";
import type { Rule } from "../settings/kit/rule.ts";
import type { DatabaseRequest } from "./postgres/roles.ts";

/**
 * What a service says of itself before anything is made: plain facts, and pure
 * functions of the settings. The settings' schema, the catalogue of images, the
 * budget, the rotation of secrets, the pages and the database roles derive from
 * the list of all services. Each service writes its facts with `satisfies
 * Service`, so that names stay literal types, and each function names the
 * settings that it reads; `Service<Settings>` is one that a stack with these
 * settings can have.
 */
export interface Service<Settings = never> {
  /** The service's folder. */
  readonly name: string;
  /** What texts call it. */
  readonly title: string;
  /** What it is for, in short sentences: its page in docs/services begins with it. */
  readonly purpose: string;
  /** Pages of docs that say more. */
  readonly guides: readonly string[];
  /** Top-level settings, by key below `apprun:`. */
  readonly settings: Readonly<Record<string, z.ZodType>>;
  /** Flags below `apprun:exporters`, by key. @default - it has metrics of its own, or none */
  readonly exporters?: Readonly<Record<string, z.ZodType>>;
  /** Images, by name in the catalogue. */
  readonly images: Readonly<Record<string, CatalogueImage>>;
  /** Images that the settings name in place of those, by the same names. @default - none */
  readonly ownImages?: (settings: Settings) => Readonly<Record<string, ImageFacts>>;
  /** Whether the settings want a secret in the plain variable of a workload's container. @default - in none */
  readonly secretVariable?: (settings: Settings, workload: string, variable: string) => boolean;
  /** The setting that a workload comes from, for what policies say of it. @default - no setting names it */
  readonly settingOf?: (settings: Settings, workload: string) => string | undefined;
  /** Generated secrets that a new generation can replace, by the name of their resource. @default - none */
  readonly rotated?: Readonly<Record<string, RotatedSecretFacts>>;
  /** The same for secrets that the settings name. @default - they name none */
  readonly ownRotated?: (settings: Settings) => Readonly<Record<string, RotatedSecretFacts>>;
  /** Keys that its data is encrypted with, by the name of their resource. @default - none */
  readonly dataKeys?: Readonly<Record<string, DataKey>>;
  /** Secrets that the operator gives, by key below `apprun:`, and what each is. @default - none */
  readonly givenSecrets?: Readonly<Record<string, string>>;
  /** Settings that the profile light has in place of the defaults, by key below `apprun:`. @default - the defaults */
  readonly light?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What a single key cannot say. @default - nothing */
  readonly rules?: readonly Rule<Settings>[];
  /** What its workloads and schedules use, as far as they are on. */
  readonly sizes: (settings: Settings) => readonly Size[];
  /** Pages and interfaces that are reached from outside. @default - none */
  readonly pages?: readonly PageSpec<Settings>[];
  /** Pages that the settings name. @default - they name none */
  readonly ownPages?: (settings: Settings) => readonly PageSpec<unknown>[];
  /** Servers of others that the settings name, whether by a host or a URL. @default - none */
  readonly outsideServers?: (settings: Settings) => readonly OutsideServer[];
  /** What `connectsTo` of own services calls it, and whether it is there. @default - no setting connects to it */
  readonly target?: Target<Settings>;
  /** Roles that it needs on the stack's PostgreSQL server. @default - none */
  readonly roles?: (settings: Settings) => readonly DatabaseRequest[];
  /** Schemas that it brings up by itself. @default - none */
  readonly schemas?: (settings: Settings) => readonly SchemaSource[];
}

/** A server of others, and the setting that names it. */
export interface OutsideServer {
  readonly setting: string;
  /** A host name, an address or a URL. @default - the setting is absent */
  readonly at: string | undefined;
}

/** What own services can connect to. */
export interface Target<Settings = never> {
  readonly name: string;
  /** Whether it is there, and the setting that says so. @default - always */
  readonly on?: { readonly setting: string; readonly isOn: (settings: Settings) => boolean };
}

/** A key that data is encrypted with: another stack needs it to read that data. */
export interface DataKey {
  /** The secret setting that gives it in place of the generated one. */
  readonly given: string;
  /** Why it has one generation only. @default - it is among the rotated secrets */
  readonly stays?: string;
}
