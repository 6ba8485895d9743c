import { z } from "zod";
import { text } from "../kit/scalars.ts";

export const policies = z
  .strictObject({
    accept: z
      .record(z.string(), text("a reason"), { error: "a map of policies and reasons" })
      .default({})
      .describe(
        "Policies whose findings do not stop this stack, each with the reason; `npm run policies` lists the names.",
      ),
  })
  .prefault({});
