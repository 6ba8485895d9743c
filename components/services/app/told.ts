import type { ContainerSpec } from "../../model/workload.ts";
import { fromTemplates, plainVariables, told, type Variable, type Variables } from "../kit/told.ts";
import type { Facts } from "../kit/template.ts";
import { apprunEnvironment, apprunSecrets, factsOf, PUBLIC, trustEnvironment, type ToldArgs } from "./presets.ts";

/**
 * Everything that the app is told.
 * @throws ModelError with every name in braces that is no fact, and every variable that is set twice
 */
export function appTold(args: ToldArgs): Pick<ContainerSpec, "env" | "secretEnv" | "secretFiles"> {
  const facts = factsOf(args);
  return told({
    ...args,
    path: "app",
    whose: "the app",
    missing: "switch on the service that has it",
    facts,
    preset: preset(args, facts),
  });
}

function preset(args: ToldArgs, facts: Facts): Variables {
  const trust = plainVariables(trustEnvironment(args));
  switch (args.variablesPreset) {
    case "apprun": {
      const secrets = Object.entries(apprunSecrets(args)).map(([name, { file, content }]): [string, Variable] => [
        name,
        { file, value: content },
      ]);
      return { ...trust, ...plainVariables(apprunEnvironment(args)), ...Object.fromEntries(secrets) };
    }
    case "public":
      return { ...trust, ...fromTemplates(Object.entries(PUBLIC), facts) };
    case "none":
      return trust;
  }
}
