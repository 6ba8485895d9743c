import { parseSettings } from "../../components/stack/parse.ts";
import { Stack } from "../../components/stack/stack.ts";
import { record } from "../kit/record.ts";
import { portsDocument } from "./ports.ts";

/** The stack of docs/ports.md: everything that is on by default, in the open with TLS. */
const VALUES = { domain: "example.com", proxy: { bind: "public" }, tls: { mode: "acme", acme: { email: "ops@example.com" } } };

/** Content of docs/ports.md. */
export async function portsExample(): Promise<string> {
  const settings = parseSettings({ project: "apprun", stack: "prod" }, { values: VALUES, secrets: {}, plainSecrets: [] });
  const { result } = await record(settings.identity, () => new Stack(settings));
  return portsDocument(result.inventory);
}
