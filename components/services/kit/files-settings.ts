import { z } from "zod";

const IN_CONTAINER =
  'absolute paths of the container such as "/etc/web/config.yaml", outside of /run, /proc, /sys and /dev';
const IN_PROJECT = 'the path of a file of the project such as "deploy/web.yaml"';
const ABSOLUTE = /^\/(?!(run|proc|sys|dev)\/)[\w.-]+(\/[\w.-]+)*$/;
const RELATIVE = /^(?!\/)[\w.@ -]+(\/[\w.@ -]+)*$/;

const outside = (path: string) => path.split("/").some((part) => part === ".." || part === ".");

/** A file of the project. */
export const projectFile = () =>
  z
    .string({ error: IN_PROJECT })
    .regex(RELATIVE, IN_PROJECT)
    .refine((path) => !outside(path), IN_PROJECT);

/** Files of the project that a container gets, by their path in it. */
export const filesSettings = () =>
  z
    .record(
      z
        .string()
        .regex(ABSOLUTE, IN_CONTAINER)
        .refine((path) => !outside(path), IN_CONTAINER),
      projectFile(),
      { error: ({ code }) => (code === "invalid_key" ? IN_CONTAINER : "a map of files") },
    )
    .meta({ examples: [{ "/etc/web/config.yaml": "deploy/web.yaml" }] })
    .default({})
    .describe(
      "Text files of the project, by their path in the container; at most 256 KiB each. Secrets belong below apprun:secrets.",
    );
