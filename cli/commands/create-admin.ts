import { Readable } from "node:stream";
import { z } from "zod";
import { createAdminCommand } from "../../components/services/app/create-admin.ts";
import { APP } from "../../components/services/app/endpoint.ts";
import { readSecret } from "../kit/ask-secret.ts";
import { CliError, Ended, EXIT } from "../kit/exit.ts";
import type { CommonOptions } from "../kit/project.ts";
import { named, running } from "../kit/services.ts";
import { ownOperationsOf, runningReplica, SYSTEM, type OperateSystem } from "./operate.ts";

/**
 * Makes an administrator of the app by the app's own command, which reads the
 * password from standard input: arguments and variables show in lists of
 * processes and in `docker inspect`.
 * @throws Ended with the command's exit code
 */
export async function createAdmin(
  email: string,
  options: CommonOptions,
  system: OperateSystem = SYSTEM,
  password: (question: string) => Promise<string> = readSecret,
): Promise<void> {
  if (!z.email().safeParse(email).success)
    throw new CliError(
      { got: `email: got "${email}"`, allowed: "a mail address such as admin@example.com", fix: "change it" },
      EXIT.usage,
    );
  const project = await system.loadProject(options);
  const { settings, recording, stack } = project;
  const { createAdmin: said } = settings.app;
  if (said === undefined)
    throw new CliError(
      {
        got: `create-admin: got stack ${stack} without app.createAdmin`,
        allowed: "a stack whose settings say how the app does it",
        fix: "set apprun:app.createAdmin.command; docs/your-app.md",
      },
      EXIT.usage,
    );
  const workload = named("service", APP, running(recording.result.inventory.workloads, settings.platform));
  const operations = await ownOperationsOf(project, system);
  const replica = await runningReplica(operations, workload);
  const given = await password(`Password of ${email}: `);
  throw new Ended(
    await operations.exec(replica, {
      command: createAdminCommand(said.command, email),
      tty: false,
      stdin: Readable.from([`${given}\n`]),
      stdout: process.stdout,
      stderr: process.stderr,
    }),
  );
}
