import { describe, expect, it } from "vitest";
import { schemaFindings } from "../../../cli/doctor/schemas.ts";
import { parseSettings } from "../../../components/stack/parse.ts";

const GOOD: Record<string, string> = { kratos: "20260114175904000000", temporal: "1.19", temporal_visibility: "1.14" };

async function found(has: Record<string, string>, values: Record<string, unknown> = {}): Promise<readonly string[]> {
  const settings = parseSettings({ project: "apprun", stack: "dev" }, { values, secrets: {}, plainSecrets: [] });
  const query = (database: string) => {
    const version = { ...GOOD, ...has }[database];
    return version === undefined
      ? Promise.reject(new Error("no such database\nand more"))
      : Promise.resolve(`${version}\n`);
  };
  const all = await schemaFindings(settings, query, (job) => `run ${job}`);
  return all.map(({ severity, check, message, remedy }) => `${severity} ${check}: ${message} (${remedy})`);
}

describe("the versions of schemas", () => {
  it("are good where each is what its image works on", async () => {
    expect(await found({})).toEqual([]);
  });

  it.each<[Record<string, string>, string]>([
    [
      { temporal: "1.9" },
      "error schemas: database temporal: its schema is 1.9; temporalio/server:1.31.2 works on 1.19 (run temporal-schema)",
    ],
    [
      { temporal_visibility: "1.15" },
      "warning schemas: database temporal_visibility: its schema is 1.15; temporalio/server:1.31.2 works on 1.14 (deploy the image that made it, or restore a set from before)",
    ],
    [
      { kratos: "20240425095000000000" },
      "error schemas: database kratos: its schema is 20240425095000000000; oryd/kratos:v26.2.0 works on 20260114175904000000 (run kratos-migrate)",
    ],
    [
      { kratos: "" },
      "error schemas: database kratos: its schema is not there; oryd/kratos:v26.2.0 works on 20260114175904000000 (run kratos-migrate)",
    ],
  ])("%j", async (has, line) => {
    expect(await found(has)).toEqual([line]);
  });

  it("are told apart from a database that does not answer", async () => {
    const gone = { kratos: undefined } as unknown as Record<string, string>;
    expect(await found(gone)).toEqual([
      "error schemas: database kratos: its schema cannot be asked for (no such database) (run kratos-migrate)",
    ]);
  });

  it("are not judged for another tag than the catalogue's, nor for a service that is off", async () => {
    expect(await found({ kratos: "1" }, { images: { pins: { kratos: { tag: "v25.4.0" } } } })).toEqual([]);
    expect(await found({ temporal: "1.9" }, { temporal: { enabled: false } })).toEqual([]);
  });

  it("are judged for a pinned digest of the catalogue's tag", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(await found({ kratos: "1" }, { images: { pins: { kratos: { digest } } } })).toHaveLength(1);
  });
});
