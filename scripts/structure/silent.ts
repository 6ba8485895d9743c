import { join } from "node:path";
import ts from "typescript";
import type { HandList } from "./lists.ts";

/** What the compiler says of imports that lost their user: who forgets a row has not written its import either. */
const UNUSED: readonly number[] = [6133, 6192, 6196];

/** Tells of a list whether the compiler misses a service's row there: whether the program of a checkout compiles without it. */
export function compilesWithout(root: string): (list: HandList, service: string) => boolean {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const check = checker(
    fileNames.filter((file) => !/\/(test|bench)\//.test(file)),
    { ...options, incremental: false },
  );
  check(undefined);
  return ({ path, rows }, service) =>
    check({ path: join(root, path), without: rows.filter((row) => row.service === service) });
}

interface Change {
  readonly path: string;
  readonly without: HandList["rows"];
}

/** Says whether the program compiles with a change; only the changed file is read again, and only what depends on it is checked. */
function checker(files: readonly string[], options: ts.CompilerOptions): (change: Change | undefined) => boolean {
  const host = ts.createIncrementalCompilerHost(options);
  const [read, parse] = [host.readFile.bind(host), host.getSourceFile.bind(host)];
  const parsed = new Map<string, ts.SourceFile | undefined>();
  let unchanged: ts.SemanticDiagnosticsBuilderProgram | undefined;
  return (change) => {
    host.readFile = (path) => (path === change?.path ? without(read(path) ?? "", change.without) : read(path));
    host.getSourceFile = (path, ...rest) => {
      if (path === change?.path) return parse(path, ...rest);
      if (!parsed.has(path)) parsed.set(path, parse(path, ...rest));
      return parsed.get(path);
    };
    const next = ts.createSemanticDiagnosticsBuilderProgram(files, options, host, unchanged);
    const found = next.getSemanticDiagnostics().filter(({ code }) => !UNUSED.includes(code));
    unchanged ??= next;
    return found.length === 0;
  };
}

/** A text without some of its parts and the commas after them. */
function without(text: string, parts: Change["without"]): string {
  return parts.reduceRight(
    (left, { start, end }) => `${left.slice(0, start)}${left.slice(end).replace(/^\s*[,|]/, "")}`,
    text,
  );
}
