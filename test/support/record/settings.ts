import { parseSettings } from "../../../components/stack/parse.ts";
import { withApp } from "./with-app.ts";
import type { Settings } from "../../../components/stack/settings.ts";

/** Stacks for real users, which the sample app is no use to. */
const NEEDS_APP = /^(staging|prod)$/;

/** The message for a stack with these settings, without its first line. */
export function messageOf(values: Record<string, unknown>, stack = "dev", secrets: Settings["secrets"] = {}): string[] {
  try {
    parseSettings(
      { project: "apprun", stack },
      { values: NEEDS_APP.test(stack) ? withApp(values) : values, secrets, plainSecrets: [] },
    );
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
}
