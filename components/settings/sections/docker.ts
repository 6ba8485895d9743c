import { z } from "zod";

/** The Docker Engine of a stack on one host. */
export const docker = z
  .strictObject({
    host: z
      .string({ error: "unix://, ssh:// or tcp:// and an address" })
      .regex(/^(unix|ssh|tcp):\/\/\S+$/, "unix://, ssh:// or tcp:// and an address")
      .default("unix:///var/run/docker.sock")
      .describe("The Docker Engine that the stack runs on."),
  })
  .prefault({});
