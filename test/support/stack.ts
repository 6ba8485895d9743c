import { record, type Recording } from "../../cli/record.js";
import { parseSettings } from "../../components/config/parse.js";
import type { Settings } from "../../components/config/settings.js";
import { Stack } from "../../components/stack.js";

/** A recorded stack with only what the way in leads to. */
export async function stackOf(values: Record<string, unknown>, secrets: Settings["secrets"] = {}, stack = "dev"): Promise<Recording<Stack>> {
  const small = { temporal: { enabled: false }, prometheus: { enabled: false } };
  const settings = parseSettings({ project: "apprun", stack }, { values: { ...small, ...values }, secrets, plainSecrets: [] });
  return record(settings.identity, () => new Stack(settings));
}
