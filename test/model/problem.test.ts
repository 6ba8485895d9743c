import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ModelError } from "../../components/model/errors.ts";
import { phrase, verdict, type Complaint } from "../../components/model/problem.ts";

const replicas = { got: "app.replicas: got 99", allowed: "1 to 20", fix: "change it" };
const engine = { happened: "no Docker Engine answers", fix: "start it" };

describe("what an error says", () => {
  it.each<[string, Complaint, string]>([
    ["a value that is not allowed", replicas, "app.replicas: got 99; allowed: 1 to 20; change it"],
    ["something that went wrong", engine, "no Docker Engine answers; start it"],
    [
      "what the one that failed says itself",
      { ...engine, output: "  exit 1" },
      "no Docker Engine answers; start it\n  exit 1",
    ],
    [
      "several at once",
      { heading: "stack dev has 2 problems", problems: [replicas, engine] },
      "stack dev has 2 problems:\n  app.replicas: got 99; allowed: 1 to 20; change it\n  no Docker Engine answers; start it",
    ],
  ])("%s", (_, complaint, message) => {
    expect(phrase(complaint)).toBe(message);
    expect(new ModelError(complaint).message).toBe(message);
  });

  it("comes without its remedy where that is shown apart", () => {
    expect(verdict(replicas)).toBe("app.replicas: got 99; allowed: 1 to 20");
    expect(verdict(engine)).toBe("no Docker Engine answers");
  });

  it("prints no stack of the program, which would bury it", () => {
    expect(new ModelError(replicas).stack).toBe(phrase(replicas));
  });
});

/** Places where a text says by itself what is allowed. */
function handmade(path: string, source = readFileSync(path, "utf8")): readonly string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
        ? node.text
        : "";
    if (/\ballowed: /.test(text)) found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe("what is allowed is said by one function", () => {
  const FUNCTION = "components/model/problem.ts";
  const files = globSync(["index.ts", "{components,cli,policies,scripts}/**/*.ts"]);

  it("and by no other text of the program", () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((path) => path !== FUNCTION).flatMap((path) => handmade(path))).toEqual([]);
    expect(handmade(FUNCTION)).toHaveLength(1);
  });

  it.each([
    'throw new CliError("x: got 1; allowed: 2; change it")',
    "const message = `${got}; allowed: ${allowed}; ${fix}`;",
    'problems.push(got + "; allowed: " + allowed)',
  ])("a text made by hand is found: %s", (source) => {
    expect(handmade("file.ts", source)).toEqual(["file.ts:1"]);
  });
});
