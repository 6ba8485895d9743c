import { z } from "zod";

const FORM = 'a path inside the repository that ends in .sql, such as "seed/users.sql"';

/** What the app's database of a PR stack begins with. */
export const seed = z
  .strictObject({
    files: z
      .array(z.string({ error: FORM }).regex(/^(?!\/)(?!.*\.\.\/).+\.sql$/, FORM), { error: "a list of SQL files" })
      .default([])
      .describe(
        "SQL that runs once, in this order and in one transaction, as the app's own role and after the app's migrations; only in PR stacks.",
      ),
  })
  .prefault({});
