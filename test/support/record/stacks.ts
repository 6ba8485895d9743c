import { withApp } from "./with-app.ts";
import { record, type Recording } from "../../../cli/kit/record.ts";
import { parseSettings } from "../../../components/stack/parse.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { Stack } from "../../../components/stack/stack.ts";

/** Settings as if they stood in a stack file. */
export function settingsOf(
  values: Record<string, unknown>,
  stack = "dev",
  secrets: Settings["secrets"] = {},
): Settings {
  return parseSettings({ project: "apprun", stack }, { values: withApp(values), secrets, plainSecrets: [] });
}

/** The stack that settings make, recorded. */
export function stackOf(
  values: Record<string, unknown>,
  stack = "dev",
  secrets: Settings["secrets"] = {},
): Promise<Recording<Stack>> {
  const settings = settingsOf(values, stack, secrets);
  return record(settings.identity, () => new Stack(settings));
}

/** The same with only what the way in leads to. */
export function wayInOf(
  values: Record<string, unknown>,
  secrets: Settings["secrets"] = {},
  stack = "dev",
): Promise<Recording<Stack>> {
  return stackOf({ temporal: { enabled: false }, prometheus: { enabled: false }, ...values }, stack, secrets);
}

/** The inputs of one recorded resource, in the shape that the caller knows. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the recording has no types; the caller names one once
export function inputsOf<T>({ resources }: Pick<Recording<unknown>, "resources">, type: string, name: string): T {
  const found = resources.find((resource) => resource.type === type && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} ${name} was recorded`);
  return found.inputs as T;
}
