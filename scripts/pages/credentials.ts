import { named } from "./everything.ts";
import { between, table, type Page } from "./page.ts";

/** What `npm run credentials` can be asked for. */
export const credentials: Page = {
  file: "README.md",
  content: async (today) => {
    const found = await named(({ result }) => Object.entries(result.credentials));
    return between(
      today,
      "credentials",
      table([["service", "target"], ...found.map(({ name, on }) => [`\`${name}\``, on])]),
    );
  },
};
