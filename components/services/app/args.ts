import type { Output } from "@pulumi/pulumi";
import type { Bytes, Duration } from "../../model/units.ts";
import type { Autoscaling, ConfigFile } from "../../model/workload.ts";
import type { Link } from "../kit/link.ts";
import type { Migration } from "../kit/migration.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import type { Database } from "../postgres/database.ts";
import type { Bucket } from "./object-storage.ts";
import type { AppObjectives } from "./observability.ts";
import type { SampleArgs } from "./sample.ts";
import type { SecretArrives, SecretReference, Template } from "../kit/told-settings.ts";

/** Where it answers the platform. */
export interface AppPaths {
  /** @default - the probe's command tells */
  readonly health?: string | undefined;
  /** @default - `health` */
  readonly ready?: string | undefined;
  /** @default - it has no metrics */
  readonly metrics?: string | undefined;
}

export interface AppArgs extends ServiceArgs<"apprun" | "sampleApp" | "postgres"> {
  /** What the sample app shows, which runs in place of an app. @default - an app runs */
  readonly sample?: SampleArgs | undefined;
  readonly database: Database;
  /** What it is told of other services, and reaches. */
  readonly links: readonly Link[];
  readonly replicas: number;
  /** @default - the number of replicas is fixed */
  readonly autoscaling?: Autoscaling | undefined;
  readonly port: number;
  readonly paths: AppPaths;
  /** Replaces the image's command. @default - the image's own */
  readonly command?: readonly string[] | undefined;
  /** Tells whether it is healthy, in place of `paths.health`. @default - HTTP does */
  readonly probeCommand?: readonly string[] | undefined;
  /** Whether its metrics have the names of the contract. */
  readonly contractMetrics: boolean;
  /** Further host names that it answers at, and those from which browsers are sent to the stack's domain. */
  readonly hosts: readonly string[];
  readonly redirects: readonly string[];
  /** URL under which browsers reach it. */
  readonly url: string;
  /** Further variables. */
  readonly env: Readonly<Record<string, string | number | boolean | SecretReference>>;
  /** The operator's secrets by name. */
  readonly secrets: Readonly<Record<string, Output<string>>>;
  /** Whose names the variables have that tell it of the platform. */
  readonly variablesPreset: "apprun" | "public" | "none";
  /** Variables of the operator's own names in place of the preset's. */
  readonly variables: Readonly<Record<string, string | Template>>;
  /** @default - in files for the preset apprun */
  readonly secretsAs?: SecretArrives | undefined;
  /** Files of the project. */
  readonly files: readonly ConfigFile[];
  /** @default - it brings its data up to date itself, when it starts */
  readonly migrate?: Migration | undefined;
  readonly logLevel: string;
  /** Size of the volume for files. */
  readonly storage: Bytes;
  /** Where files lie in place of the volume. @default - on the volume */
  readonly bucket?: Bucket | undefined;
  readonly redisMaxIdle: number;
  /** Content of the app's own configuration file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly readyTimeout: Duration;
  readonly objectives: AppObjectives;
  /** What the app encrypts with. @default - a generated key */
  readonly encryptionKey?: Output<string> | undefined;
}
