import type { ComponentResource } from "@pulumi/pulumi";
import { z } from "zod";
import type { Image } from "../../model/images.ts";
import type { Duration } from "../../model/units.ts";
import type { JobSpec, WorkloadSpec } from "../../model/workload.ts";
import type { Platform } from "../../platform/platform.ts";
import { duration } from "../../settings/kit/scalars.ts";
import { words } from "./image-settings.ts";
import { migrationName } from "./migration-name.ts";

/** What brings data up to the version of an image before it starts. */
export interface Migration {
  /** Replaces the image's command; its entrypoint stays. */
  readonly command: readonly string[];
  readonly timeout: Duration;
}

export const migrationSettings = (whose: string) =>
  z
    .strictObject({
      command: words('["migrate", "up"]').describe("Replaces the image's command; its entrypoint stays."),
      timeout: duration().default("10m").describe("Time in which it must end."),
    })
    .optional()
    .describe(
      `Runs to its end before ${whose} starts, and again when the image, the command or a variable changes; an error ends the update and leaves what runs.`,
    );

/** The job of a migration: with the image, the variables and the files of what starts after it, and without its volumes. */
export function migrationJob(workload: WorkloadSpec<"app">, { command, timeout }: Migration, waitsIn: Image): JobSpec {
  const {
    image,
    entrypoint,
    env,
    secretEnv,
    files,
    secretFiles,
    resources,
    runAs,
    zone,
    connectsTo,
    egress,
    dependsOn,
  } = workload;
  return {
    image,
    ...(entrypoint && { entrypoint }),
    args: command,
    timeout,
    waitsIn,
    ...(env && { env }),
    ...(secretEnv && { secretEnv }),
    ...(files && { files }),
    ...(secretFiles && { secretFiles }),
    resources,
    runAs,
    zone,
    ...(connectsTo && { connectsTo }),
    ...(egress !== undefined && { egress }),
    ...(dependsOn && { dependsOn }),
  };
}

/** Registers the migration, with what `of` is told, and what starts after it. */
export function afterMigration(
  platform: Platform,
  name: string,
  spec: WorkloadSpec<"app">,
  {
    migrate,
    waitsIn,
    of,
  }: { readonly migrate: Migration | undefined; readonly waitsIn: Image; readonly of: WorkloadSpec<"app"> },
  parent: ComponentResource,
): WorkloadSpec<"app"> {
  if (migrate === undefined) return spec;
  const { succeeded } = platform.job(migrationName(name), migrationJob(of, migrate, waitsIn), { parent });
  return { ...spec, dependsOn: [...(spec.dependsOn ?? []), succeeded] };
}
