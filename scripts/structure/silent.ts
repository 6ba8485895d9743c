import { join } from "node:path";
import ts from "typescript";
import type { HandList } from "./lists.ts";

/** What the compiler says of imports that lost their user: who forgets a row has not written its import either. */
const UNUSED: readonly number[] = [6133, 6192, 6196];

/** Lists in which the compiler does not miss a service's row: the program without the row still compiles. */
export function silentLists(root: string, lists: readonly HandList[], service: string): readonly string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as { config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = fileNames.filter((file) => !/\/(test|bench)\//.test(file));
  const check = checker(program, { ...options, incremental: false });
  check(undefined);
  return lists
    .filter(({ services }) => services.includes(service))
    .filter(({ path, rows }) => check({ path: join(root, path), without: rows.filter((row) => row.service === service) }))
    .map(({ at }) => at);
}

interface Change {
  readonly path: string;
  readonly without: HandList["rows"];
}

/** Says whether the program compiles with a change, of which only the files that depend on it are checked. */
function checker(files: readonly string[], options: ts.CompilerOptions): (change: Change | undefined) => boolean {
  let old: ts.SemanticDiagnosticsBuilderProgram | undefined;
  return (change) => {
    const host = ts.createIncrementalCompilerHost(options);
    const read = host.readFile.bind(host);
    host.readFile = (path) => (path === change?.path ? without(read(path) ?? "", change.without) : read(path));
    const next = ts.createSemanticDiagnosticsBuilderProgram(files, options, host, old);
    const found = next.getSemanticDiagnostics().filter(({ code }) => !UNUSED.includes(code));
    old ??= next;
    return found.length === 0;
  };
}

/** A text without some of its parts and the commas after them. */
function without(text: string, parts: Change["without"]): string {
  return parts.reduceRight((left, { start, end }) => `${left.slice(0, start)}${left.slice(end).replace(/^\s*[,|]/, "")}`, text);
}
