import { stackFileSchema } from "../../components/stack/json-schema.ts";
import type { Page } from "./page.ts";

/** What editors know of a stack file. */
export const schema: Page = {
  file: "Pulumi.schema.json",
  content: () => `${JSON.stringify(stackFileSchema("apprun"), null, 2)}\n`,
};
