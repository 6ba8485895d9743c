import type { SettingsProblem } from "./problems.ts";
import type { Settings } from "../../stack/settings.ts";

/** A rule over several settings: what is wrong, or nothing. */
export type Rule = (settings: Settings) => SettingsProblem | undefined;

export const problem = (path: string, got: string, allowed: string, fix: string): SettingsProblem => ({ path, got, allowed, fix });
