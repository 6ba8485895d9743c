import { describe, expect, it } from "vitest";
import { placeOf } from "../../../cli/kit/complete.ts";
import { commandLine } from "../../../cli/main.ts";

const at = (...words: string[]) => {
  const { words: next, wanted, given } = placeOf(commandLine(), words);
  return { next: next.map(({ value }) => value), wanted: wanted && `${wanted.command} ${wanted.name}`, given };
};

describe("what may come next on the command line", () => {
  it("is a command at first, without those that are hidden", () => {
    const { next, wanted } = at("");
    expect(next).toEqual(expect.arrayContaining(["plan", "up", "logs", "state", "ci"]));
    expect(next).not.toContain("complete");
    expect(wanted).toBeUndefined();
  });

  it.each<[string[], string[], string | undefined]>([
    [["state", ""], ["backup", "restore", "unlock", "help"], undefined],
    [["logs", ""], [], "logs service"],
    [["logs", "postgres", ""], [], undefined],
    [["logs", "--stack", ""], [], "logs --stack"],
    [["logs", "-s", "prod", "--since", "10m", ""], [], "logs service"],
    [["psql", "kratos", "--role", ""], [], "psql --role"],
    [["exec", "postgres", "--", ""], [], undefined],
    [
      ["deploy", "--s"],
      ["--skip-backup", "--remove-old", "--forget-data", "--take-data", "--confirm", "--stack"],
      undefined,
    ],
  ])("after %j", (words, next, wanted) => {
    const place = at(...words);
    expect(place.wanted).toBe(wanted);
    expect(place.next).toEqual(expect.arrayContaining(next));
    if (next.length === 0) expect(place.next).toEqual([]);
  });

  it("knows the values that were given", () => {
    expect(at("logs", "-s", "prod", "--cwd", "/srv", "").given).toEqual({ "--stack": "prod", "--cwd": "/srv" });
  });
});
