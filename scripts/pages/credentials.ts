import { SHARED } from "../../test/everything.ts";
import { named } from "./everything.ts";
import { between, table, type Page } from "./page.ts";

/** Own services have the names of a stack's settings. */
const OWN = Object.keys(SHARED.services).map((name) => `${name}-database`);

/** What `npm run credentials` can be asked for. */
export const credentials: Page = {
  file: "docs/operating.md",
  content: async (today) => {
    const found = await named(({ result }) => Object.entries(result.credentials));
    return between(
      today,
      "credentials",
      table([
        ["service", "target"],
        ...found.filter(({ name }) => !OWN.includes(name)).map(({ name, on }) => [`\`${name}\``, on]),
        ["`NAME-database` of an own service", "both"],
      ]),
    );
  },
};
