import { POLICIES } from "../../policies/all.ts";
import { print, printJson, table } from "../kit/output.ts";

/** Lists the policies that every stack must meet. */
export function policies({ json = false }: { readonly json?: boolean }): void {
  const rows = POLICIES.map(({ name, kind, description, enforcement, allowed, remedy }) => ({
    name,
    kind,
    description,
    enforcement,
    allowed,
    remedy,
  }));
  if (json) printJson(rows);
  else
    print(
      table(
        ["policy", "prod", "elsewhere", "description"],
        rows.map(({ name, enforcement, description }) => [name, enforcement.prod, enforcement.elsewhere, description]),
      ),
    );
}
