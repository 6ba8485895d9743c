import { get, type TestProject } from "./e2e.ts";
import { generatedSecrets } from "./inspect.ts";

const passwords = new WeakMap<TestProject, string>();

/** An operators' page of a stack on a Docker host, with the login of its proxy. */
export async function getAsOperator(
  project: TestProject,
  port: number,
  host: string,
  path: string,
): Promise<{ status: number; body: string }> {
  const password = passwords.get(project) ?? (await generatedSecrets(project))["proxy-operators"];
  if (password === undefined) throw new Error(`the stack ${project.stack} has no login for operators`);
  passwords.set(project, password);
  return get(port, host, path, { login: `operator:${password}` });
}
