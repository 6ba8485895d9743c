import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e.js";

const STACK = "pr-907";
const PORT = 10_907;
const SERVER = "apprun-e2e-external-postgres";
const PASSWORD = "of-the-managed-server";

describe("a stack with a PostgreSQL that somebody else runs", () => {
  const project = new TestProject(STACK, SMALL);
  let host = "";

  beforeAll(async () => {
    await wipe(STACK);
    await docker("rm", "-f", SERVER);
    await docker("run", "-d", "--name", SERVER, "postgres:17-alpine", "sleep", "60");
    // The host's address as containers see it; the engine only knows it while one is attached.
    host = (await docker("inspect", "--format", "{{.NetworkSettings.Gateway}}", SERVER)).trim();
    await docker("rm", "-f", "-v", SERVER);
    await docker("run", "-d", "--name", SERVER, "-p", `${host}:55432:5432`, "-e", `POSTGRES_PASSWORD=${PASSWORD}`, "postgres:17-alpine");
    await vi.waitFor(() => docker("exec", SERVER, "pg_isready", "-h", "127.0.0.1"), { timeout: 60_000, interval: 500 });
  });
  afterAll(async () => {
    await docker("rm", "-f", "-v", SERVER);
    await wipe(STACK);
  });

  it("asks for its password as a secret", async () => {
    project.configure({ ...SMALL, postgres: { mode: "external", external: { host, port: 55_432, sslMode: "disable" } } });
    expect(await project.cli(["up"])).toMatchObject({ code: 2, stderr: expect.stringContaining("apprun:postgresAdminPassword: got nothing") as string });
  });

  it("comes up without a container for it, on databases and roles of its own", async () => {
    project.configure(SMALL);
    expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
    await project.rememberSalt();
    project.configure({ ...SMALL, postgres: { mode: "external", external: { host, port: 55_432, sslMode: "disable" } } });
    expect((await project.pulumi(["config", "set", "--secret", "apprun:postgresAdminPassword", PASSWORD])).code).toBe(0);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(Object.keys(await containers(STACK))).not.toContain(`apprun-${STACK}-postgres`);
    expect(await get(PORT, `${STACK}.localhost`, "/ready")).toMatchObject({ status: 200, body: expect.stringContaining('"database":"ok"') as string });
    const owners = await docker(
      "exec",
      SERVER,
      "psql",
      "-U",
      "postgres",
      "-tAc",
      "select datname||':'||pg_get_userbyid(datdba) from pg_database where datname !~ '^(postgres|template)' order by 1",
    );
    expect(owners.trim().split("\n")).toEqual(["apprun:apprun", "kratos:kratos", "temporal:temporal", "temporal_visibility:temporal"]);
  });
});
