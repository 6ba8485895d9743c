import { z } from "zod";
import { bytes, flag, oneOf, text } from "../../settings/kit/scalars.ts";

const VOLUME_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 20;
const NAMES = `names of at most ${LONGEST_NAME} small letters, digits and hyphens such as "uploads"`;
const PATH = 'an absolute path of the container such as "/var/lib/web"';
/** What the runtime, the image's own system and the platform's files are in. */
const TAKEN = /^\/(?!(proc|sys|dev|run|etc|bin|sbin|lib|lib64|usr\/bin|usr\/lib)(\/|$))[\w.-]+(\/[\w.-]+)*$/;

const volume = z.strictObject({
  path: z
    .string({ error: PATH })
    .regex(TAKEN, `${PATH}, outside of what the system is in`)
    .refine((path) => !path.split("/").includes(".."), PATH)
    .describe("Where the service finds it; the image has this directory, with its user as the owner."),
  size: bytes().describe("Planned size; Kubernetes asks for it, host.disk counts it."),
  retention: oneOf("data", "cache")
    .default("data")
    .describe("data: protected, kept when the stack goes, and in every backup; cache: may be rebuilt."),
  leftOut: text("why no backup has it")
    .meta({ examples: ["each is made again from the database"] })
    .optional()
    .describe("Why its files are in no backup; they are in every one when absent. Only with retention data."),
  shared: flag().default(false).describe("Whether several replicas write to it at once."),
});

/** Volumes of a service, by name. */
export const volumesSettings = z
  .record(z.string().regex(VOLUME_NAME, NAMES).max(LONGEST_NAME, NAMES), volume, {
    error: ({ code }) => (code === "invalid_key" ? NAMES : "a map of volumes"),
  })
  .default({})
  .describe("What outlives its container, by name.");

export type OwnVolumeSettings = z.output<typeof volume>;
