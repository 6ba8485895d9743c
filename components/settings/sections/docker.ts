import { z } from "zod";
import { ADDRESS_PATTERN, ADDRESS_WORDS } from "../../model/docker-address.ts";

/** The Docker Engine of a stack on one host. */
export const docker = z
  .strictObject({
    host: z
      .string({ error: ADDRESS_WORDS })
      .regex(ADDRESS_PATTERN, ADDRESS_WORDS)
      .default("unix:///var/run/docker.sock")
      .describe(
        "The Docker Engine that the stack runs on. ssh:// runs the ssh program with your own configuration, keys and known hosts.",
      ),
    certPath: z
      .string({ error: "the absolute path of a directory" })
      .regex(/^\/[^\s$~]*$/, "the absolute path of a directory")
      .meta({ examples: ["/home/ops/.docker/prod"] })
      .optional()
      .describe("Directory with ca.pem, cert.pem and key.pem, for an engine at tcp://."),
  })
  .prefault({});
