import type { Output } from "@pulumi/pulumi";
import { ModelError } from "../../model/errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { ContainerSpec } from "../../model/workload.ts";
import { isSecret } from "./fact.ts";
import { isSecretVariable } from "./secret-variables.ts";
import { filled, unknownParts, type Facts } from "./template.ts";
import type { ToldSettings } from "./told-settings.ts";

const SECRETS = "/run/secrets";

/** One variable, before it is decided how its secret arrives. */
export interface Variable {
  readonly value: string | Output<string>;
  /** Name of the file that a secret arrives in. @default - the variable's */
  readonly file?: string;
}

export type Variables = Readonly<Record<string, Variable>>;

export interface ToldArgs extends ToldSettings {
  /** Path of its settings below `apprun:`, such as `app`. */
  readonly path: string;
  /** What it is in messages, such as `the app`. */
  readonly whose: string;
  /** What the preset names. */
  readonly preset: Variables;
  /** What templates can name. */
  readonly facts: Facts;
  /** What an operator does about a name that is no fact. */
  readonly missing: string;
  /** The operator's secrets by name. */
  readonly secrets: Readonly<Record<string, Output<string>>>;
}

/**
 * Everything that a program is told: what the preset names, the operator's own
 * variables in its place, and further ones beside it.
 * @throws ModelError with every name in braces that is no fact, and every variable that is set twice
 */
export function told(args: ToldArgs): Pick<ContainerSpec, "env" | "secretEnv" | "secretFiles"> {
  const templates = Object.entries(args.variables).map(([name, given]): [string, string] => [
    name,
    typeof given === "string" ? given : given.template,
  ]);
  const platform = { ...args.preset, ...fromTemplates(templates, args.facts) };
  const problems = [
    ...templates.flatMap((entry) => templateProblems(entry, args)),
    ...twice(platform, further(args), args),
  ];
  if (problems.length > 0) throw new ModelError({ heading: `the variables of ${args.whose} have problems`, problems });
  return arranged({ ...platform, ...further(args) }, args);
}

export const plainVariables = (values: Readonly<Record<string, string>>): Variables =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

export const fromTemplates = (templates: readonly (readonly [string, string])[], facts: Facts): Variables =>
  Object.fromEntries(templates.map(([name, template]) => [name, { value: filled(template, facts) }]));

function further({ env, secrets }: ToldArgs): Variables {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, given]): [string, Variable][] => {
      if (typeof given !== "object") return [[name, { value: String(given) }]];
      const value = secrets[given.secret];
      return value === undefined ? [] : [[name, { value }]];
    }),
  );
}

/** Each variable as its container gets it. */
function arranged(variables: Variables, args: ToldArgs): Pick<ContainerSpec, "env" | "secretEnv" | "secretFiles"> {
  const env: Record<string, string> = {};
  const secretEnv: Record<string, Output<string>> = {};
  const files = new Map<string, Output<string>>();
  for (const [name, { value, file = name }] of Object.entries(variables))
    if (!isSecret(value)) env[name] = value;
    else if (isSecretVariable(args, name)) secretEnv[name] = value;
    else {
      env[`${name}_FILE`] = `${SECRETS}/${file}`;
      files.set(`${SECRETS}/${file}`, value);
    }
  return {
    env,
    ...(Object.keys(secretEnv).length > 0 && { secretEnv }),
    secretFiles: [...files].map(([path, content]) => ({ path, content })),
  };
}

function templateProblems(
  [name, template]: readonly [string, string],
  { path, facts, missing }: ToldArgs,
): readonly Problem[] {
  return unknownParts(template, facts).map((part) => ({
    got: `apprun:${path}.variables.${name}: got "{${part}}"`,
    allowed: Object.keys(facts).sort().join(", "),
    fix: `name one of them, or ${missing}`,
  }));
}

/** A further variable that the platform sets too, or another of them, under its own name or with the name of its file. */
function twice(platform: Variables, own: Variables, args: ToldArgs): readonly Problem[] {
  const taken = Object.entries(platform).flatMap((entry) => namesOf(entry, args));
  const all = [...taken, ...Object.entries(own).flatMap((entry) => namesOf(entry, args))];
  return Object.keys(own)
    .filter((name) => all.filter((each) => each === name).length > 1)
    .map((name) => ({
      got: `apprun:${args.path}.env.${name}: got a variable that ${taken.includes(name) ? "the platform" : `another of ${args.path}.env`} sets`,
      allowed: "names that are free",
      fix: `remove it, or move it to ${args.path}.variables, which counts before what the platform sets`,
    }));
}

/** Names that a variable takes: with a file its own stays free for nobody, because the program reads one of the two. */
function namesOf([name, { value }]: readonly [string, Variable], args: ToldArgs): readonly string[] {
  return isSecret(value) && !isSecretVariable(args, name) ? [name, `${name}_FILE`] : [name];
}
