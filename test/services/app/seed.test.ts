import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { selectImage } from "../../../components/services/catalogue.ts";
import { seedJob } from "../../../components/services/app/seed.ts";

const ready = {} as never;
const database = {
  name: "apprun",
  role: "apprun",
  password: secret("x"),
  connectionLimit: 10,
  server: { host: "postgres", port: 5432, sslMode: "disable" },
  ready,
};
const job = (...paths: readonly string[]) =>
  seedJob({ paths, database, image: selectImage("postgres"), dependsOn: [] });

describe("the job of a seed", () => {
  it("runs its files in order, in one transaction with its mark, as the app's role", () => {
    const { files, args, env } = job("test/support/seed/tables.sql", "test/support/seed/mask.sql");
    expect(files?.map(({ path }) => path)).toEqual(["/etc/seed/1.sql", "/etc/seed/2.sql"]);
    expect(files?.[1]?.content).toContain("UPDATE customers");
    expect(args?.[0]).toMatch(
      /--single-transaction --command 'CREATE SCHEMA apprun_seed' --file \/etc\/seed\/1\.sql --file \/etc\/seed\/2\.sql$/,
    );
    expect(env).toMatchObject({ PGUSER: "apprun", PGDATABASE: "apprun" });
  });

  it("names a file that is not there", () => {
    expect(() => job("seed/absent.sql")).toThrow(
      'seed.files: got "seed/absent.sql"; allowed: files of the repository that can be read; make it or fix the path'.split(
        "; ",
      )[0],
    );
  });

  it("takes 512 KiB at most", () => {
    // Sixty times the same, as the settings would refuse it.
    const size = Buffer.byteLength(job("test/support/seed/tables.sql").files?.[0]?.content as string);
    const times = Math.ceil((512 * 1024) / size) + 1;
    expect(() => job(...Array.from({ length: times }, () => "test/support/seed/tables.sql"))).toThrow(
      /^seed\.files: got \d+ KiB/,
    );
  });
});
