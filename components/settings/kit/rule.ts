import type { Output } from "@pulumi/pulumi";
import type { z } from "zod";
import type { SettingsProblem } from "./settings-problem.ts";

/** The settings below some keys, as their schemas read them. */
export type Slice<Schemas extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Key in keyof Schemas]: z.output<Schemas[Key]>;
};

/** The secrets of some keys, as far as they were given. */
export interface Given<Key extends string> {
  readonly secrets: Readonly<Partial<Record<Key, Output<string>>>>;
}

/** The generations of some secrets. */
export interface Generations<Name extends string> {
  readonly rotation: Readonly<Partial<Record<Name, number | undefined>>>;
}

/** A rule over several settings, of which it names what it reads: what is wrong, or nothing. */
export type Rule<Settings> = (settings: Settings) => SettingsProblem | readonly SettingsProblem[] | undefined;

export const problem = (path: string, got: string, allowed: string, fix: string): SettingsProblem => ({
  path,
  got,
  allowed,
  fix,
});
