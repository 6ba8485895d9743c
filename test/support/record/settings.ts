import { parseSettings } from "../../../components/stack/parse.ts";
import type { Settings } from "../../../components/stack/settings.ts";

/** The message for a stack with these settings, without its first line. */
export function messageOf(values: Record<string, unknown>, stack = "dev", secrets: Settings["secrets"] = {}): string[] {
  try {
    parseSettings({ project: "apprun", stack }, { values, secrets, plainSecrets: [] });
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
}
