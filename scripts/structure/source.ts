import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** One file of the program, tests excluded. */
export interface SourceFile {
  /** Path below the root of the checkout. */
  readonly path: string;
  readonly lines: number;
  readonly tree: ts.SourceFile;
  /** Paths of the files that it imports, types too. */
  readonly imports: readonly string[];
}

const PLACES = ["index.ts", "components", "cli", "policies", "scripts"];

/** Every TypeScript file of the program in a checkout, the scripts that count excepted: they name what they look for. */
export function sourceFiles(root: string): readonly SourceFile[] {
  return PLACES.flatMap((place) => filesBelow(join(root, place)))
    .filter((file) => file.endsWith(".ts") && !relative(root, file).startsWith("scripts/structure"))
    .map((file) => {
      const text = readFileSync(file, "utf8");
      const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
      return {
        path: relative(root, file),
        lines: text.split("\n").length - 1,
        tree,
        imports: importsOf(file, text).map((target) => relative(root, target)),
      };
    });
}

function filesBelow(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesBelow(join(path, name))) : [path];
}

/** Relative imports; a name that ends in `.js` is that of the TypeScript file beside it. */
function importsOf(file: string, text: string): readonly string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(file), fileName.replace(/\.js$/, ".ts")));
}

/** Every node below one, itself included. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** What a node itself says: an identifier or the text of a string. */
export function wordOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? node.text : undefined;
}
