import type { SecretArrives, ToldSettings } from "./told-settings.ts";

/** How secrets arrive that say nothing of their own: what knows no files is not given any. */
export function secretsAs({ secretsAs: said, variablesPreset }: ToldSettings): SecretArrives {
  return said ?? (variablesPreset === "apprun" ? "file" : "variable");
}

/** Whether the settings want the secret of a variable in the variable itself. */
export function isSecretVariable(settings: ToldSettings, name: string): boolean {
  const { env, variables } = settings;
  const given = env[name];
  if (given !== undefined && typeof given !== "object") return false;
  const template = variables[name];
  const own = given?.as ?? (typeof template === "object" ? template.as : undefined);
  return (own ?? secretsAs(settings)) === "variable";
}
