import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../components/stack/parse.ts";

const read = (seed: unknown, stack = "pr-7") =>
  parseSettings({ project: "apprun", stack }, { values: { seed }, secrets: {}, plainSecrets: [] }).seed.files;
const FORM = 'allowed: a path inside the repository that ends in .sql, such as "seed/users.sql"; change it';

describe("a seed", () => {
  it("is a list of files for a PR stack", () => {
    expect(read({ files: ["seed/users.sql", "seed/mask.sql"] })).toEqual(["seed/users.sql", "seed/mask.sql"]);
    expect(read({})).toEqual([]);
    expect(read({}, "dev")).toEqual([]);
  });

  it.each(["dev", "test", "staging"])("is refused in %s", (stack) => {
    expect(() => read({ files: ["seed/users.sql"] }, stack)).toThrow(
      "  apprun:seed.files: got a list; allowed: nothing outside of PR stacks: what a seed writes would be among real data; remove it",
    );
  });

  it.each<[unknown, string]>([
    [["/etc/passwd.sql"], `got "/etc/passwd.sql"; ${FORM}`],
    [["../other/users.sql"], `got "../other/users.sql"; ${FORM}`],
    [["seed/../../users.sql"], `got "seed/../../users.sql"; ${FORM}`],
    [["users.dump"], `got "users.dump"; ${FORM}`],
    ["users.sql", 'got "users.sql"; allowed: a list of SQL files; change it'],
    [["a.sql", "b.sql", "a.sql"], 'got "a.sql" twice; allowed: each file once; remove one of them'],
  ])("%j is refused", (files, message) => {
    expect(() => read({ files })).toThrow(message);
  });
});
