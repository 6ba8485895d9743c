import { z } from "zod";
import { oneOf, text } from "../kit/scalars.ts";

const toleration = z
  .strictObject({
    key: text("the key of a taint").optional().describe("Key of the taint. When absent, with Exists, every taint."),
    operator: oneOf("Equal", "Exists").default("Equal"),
    value: z.string({ error: "the value of a taint" }).optional().describe("Its value, with Equal."),
    effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute").optional().describe("When absent, every effect."),
  })
  .refine(
    ({ key, operator, value }) => (operator === "Exists" ? value === undefined : key !== undefined),
    "a taint with a key, or with operator Exists and no value",
  );

/** Taints of nodes that pods bear. */
export const tolerations = () =>
  z.array(toleration, { error: 'a list of tolerations such as [{"key": "dedicated", "operator": "Exists"}]' });
