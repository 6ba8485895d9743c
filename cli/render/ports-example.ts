import { parseSettings } from "../../components/config/parse.js";
import { Stack } from "../../components/stack.js";
import { record } from "../record.js";
import { portsDocument } from "./ports.js";

/** The stack of docs/ports.md: everything that is on by default, in the open with TLS. */
const VALUES = { domain: "example.com", proxy: { bind: "public" }, tls: { mode: "acme", acme: { email: "ops@example.com" } } };

/** Content of docs/ports.md. */
export async function portsExample(): Promise<string> {
  const settings = parseSettings({ project: "apprun", stack: "prod" }, { values: VALUES, secrets: {}, plainSecrets: [] });
  const { result } = await record(settings.identity, () => new Stack(settings));
  return portsDocument(result.inventory);
}
