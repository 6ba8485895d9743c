import { expect } from "vitest";
import { docker, type TestProject } from "./e2e.ts";

/** What a command prints, which must succeed. */
export async function done(project: TestProject, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.cli(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Every secret that can be tried from outside. */
export type RotatedSecrets = Record<
  "superuser" | "cache" | "nats" | "apprun" | "reader" | "repository" | "jwt",
  string
>;

/** Reads the secrets of a stack and tries them at their servers, from `client`: a container in the stack's data network that has psql. */
export function rotatedSecrets(project: TestProject, stack: string, client: string) {
  const name = (service: string) => `apprun-${stack}-${service}`;
  const secretFile = async (service: string, file: string) =>
    (await docker("exec", name(service), "cat", `/run/secrets/${file}`)).trim();
  const succeeds = (...command: string[]) =>
    docker(...command).then(
      () => true,
      () => false,
    );
  const login = (role: string, password: string, database = "postgres") =>
    succeeds(
      "exec",
      "-e",
      `PGPASSWORD=${password}`,
      client,
      "psql",
      "-XAtqw",
      "-h",
      "postgres",
      "-U",
      role,
      "-d",
      database,
      "-c",
      "SELECT 1",
    );
  const cacheTakes = async (password: string) =>
    (
      await docker("exec", "-e", `REDISCLI_AUTH=${password}`, name("cache"), "sh", "-c", "valkey-cli ping 2>&1 || true")
    ).trim() === "PONG";
  const natsTakes = async (password: string) => {
    const script = `exec 3<>/dev/tcp/nats/4222; printf 'CONNECT {"user":"apprun","pass":"${password}","verbose":true}\\r\\nPING\\r\\n' >&3; timeout 2 cat <&3 || true`;
    return (await docker("exec", client, "bash", "-c", script)).includes("PONG");
  };
  const opensRepository = (password: string) => {
    const restic = ["/opt/backup-tools/restic", "--repo", "/backup/repository", "--no-cache", "cat", "config"];
    return succeeds("exec", "-e", `RESTIC_PASSWORD=${password}`, name("backup"), ...restic);
  };
  const credential = async (service: string) =>
    (JSON.parse(await done(project, ["credentials", service, "--json"])) as { password: string }).password;

  return {
    secretFile,
    /** The secrets as they are now. */
    current: async (): Promise<RotatedSecrets> => ({
      superuser: await credential("postgres"),
      cache: await credential("cache"),
      nats: await credential("nats"),
      apprun: await secretFile("apprun", "database-password"),
      reader: await secretFile("backup", "database-password"),
      repository: await secretFile("backup", "backup-password"),
      jwt: await secretFile("apprun", "jwt-secret"),
    }),
    /** Which of these secrets are in force. */
    accepted: async (secrets: RotatedSecrets) => ({
      superuser: await login("postgres", secrets.superuser),
      cache: await cacheTakes(secrets.cache),
      nats: await natsTakes(secrets.nats),
      apprun: await login("apprun", secrets.apprun, "apprun"),
      reader: await login("backup", secrets.reader, "apprun"),
      repository: await opensRepository(secrets.repository),
    }),
  };
}
