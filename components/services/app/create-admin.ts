import { z } from "zod";
import { words } from "../kit/image-settings.ts";

/** What stands for the address in the command. */
const EMAIL = "{email}";
const COMMAND = `a list of words such as ["/app/shop", "admin", "create", "--email", "${EMAIL}"], one of which has ${EMAIL}`;

export const createAdminSettings = z
  .strictObject({
    command: words(`["/app/shop", "admin", "create", "--email", "${EMAIL}"]`)
      .refine((all) => all.some((word) => word.includes(EMAIL)), COMMAND)
      .describe(
        `Runs in a container of the app, as a whole, without the image's entrypoint. ${EMAIL} is the address; the password comes on standard input, as one line.`,
      ),
  })
  .optional()
  .describe("How the command create-admin makes an administrator of the app.");

/** The command for one address. */
export function createAdminCommand(command: readonly string[], email: string): readonly string[] {
  return command.map((word) => word.replaceAll(EMAIL, email));
}
