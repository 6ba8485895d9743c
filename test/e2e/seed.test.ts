import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-808";
const OFF = { enabled: false };
const SETTINGS = { ...SMALL, temporal: OFF, grafana: OFF, prometheus: OFF };
const FILES = ["test/support/seed/tables.sql", "test/support/seed/mask.sql"];
const container = (service: string) => `apprun-${STACK}-${service}`;

async function sql(statement: string): Promise<string> {
  const options = [
    "--host=/var/run/postgresql",
    "--username=postgres",
    "--dbname=apprun",
    "--no-align",
    "--tuples-only",
  ];
  return (await docker("exec", container("postgres"), "psql", ...options, `--command=${statement}`)).trim();
}

describe("a PR stack with a seed", () => {
  const project = new TestProject(STACK, { ...SETTINGS, seed: { files: [FILES[0], "test/support/seed/broken.sql"] } });
  beforeAll(() => wipe(STACK));
  afterAll(async () => {
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
  });

  it("fails with the reason where the seed is broken, and keeps none of it", async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(stderr).toContain('relation "nowhere" does not exist');
    await project.rememberSalt();
    expect(await sql("SELECT to_regclass('customers') IS NULL, to_regnamespace('apprun_seed') IS NULL")).toBe("t|t");
  });

  it("begins with its rows, as the app's own, masked", async () => {
    project.configure({ ...SETTINGS, seed: { files: FILES } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(await sql("SELECT string_agg(mail, ' ' ORDER BY id) FROM customers")).toBe(
      "customer-1@example.com customer-2@example.com",
    );
    expect(await sql("SELECT tableowner FROM pg_tables WHERE tablename = 'customers'")).toBe("apprun");
  });

  it("is not seeded again, neither by the same files nor by others", async () => {
    await sql("DELETE FROM customers WHERE id = 1");
    const again = await project.cli(["up"]);
    expect(again.stderr).toMatch(/\d+ unchanged/);
    expect(again.stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    project.configure({ ...SETTINGS, seed: { files: [FILES[1]] } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(await docker("logs", container("apprun-seed"))).toContain("seeded before: nothing is done");
    expect(await sql("SELECT count(*) FROM customers")).toBe("1");
  });
});
