import ts from "typescript";
import { circles, folderPairs, looseFiles } from "./graph.ts";
import { handLists } from "./lists.ts";
import { compilesWithout } from "./silent.ts";
import { belongsTo, NAMED, namesProduct, type Named } from "./services.ts";
import { nodesOf, sourceFiles, wordOf, type SourceFile } from "./source.ts";

/** One counted property of a checkout. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** What was counted. */
  readonly items: readonly string[];
}

const counted = (name: string, items: readonly string[]): Figure => ({ name, value: items.length, items });

/** Every figure of the checkout below a directory; `silent` compiles it once a row. */
export function figuresOf(root: string, { silent }: { readonly silent: boolean }): readonly Figure[] {
  const files = sourceFiles(root);
  const lists = handLists(files);
  const compiles = silent ? compilesWithout(root) : undefined;
  return [
    ...NAMED.filter(({ optional }) => optional).flatMap((service) => {
      const naming = filesThatName(files, service);
      const rows = lists.filter(({ services }) => services.includes(service.name));
      return [
        counted(`files outside of its own that name ${service.name}`, naming),
        counted(
          `rows of ${service.name} in hand lists`,
          rows.map(({ at }) => at),
        ),
        ...(compiles === undefined
          ? []
          : [
              counted(
                `rows of ${service.name} that the compiler does not miss`,
                rows.filter((list) => compiles(list, service.name)).map(({ at }) => at),
              ),
            ]),
      ];
    }),
    counted(
      "hand lists of four services or more",
      lists.map(({ at, services }) => `${at}: ${services.join(", ")}`),
    ),
    ...["components", "components/services", "cli"].map((folder) =>
      counted(`loose files in ${folder}`, looseFiles(files, folder)),
    ),
    counted(
      "circles of imports",
      circles(files).map((group) => group.join(", ")),
    ),
    counted("pairs of folders in cli that import each other", folderPairs(files, "cli")),
    counted("services that the app's own files name", servicesOfApp(files)),
    ...sizes(files),
  ];
}

/** Files that would have to be edited for a service: they import a file of its own or name one of its products in code. */
function filesThatName(files: readonly SourceFile[], service: Named): readonly string[] {
  const edited = files.filter(({ path }) => !belongsTo(service, path));
  return edited
    .filter(({ tree, imports }) => imports.some((target) => belongsTo(service, target)) || names(tree, service))
    .map(({ path }) => path);
}

function names(tree: ts.SourceFile, service: Named): boolean {
  return [...nodesOf(tree)].some((node) => {
    const word = wordOf(node);
    return word !== undefined && namesProduct(service, word);
  });
}

/** Services besides itself that the app would have to learn of. */
function servicesOfApp(files: readonly SourceFile[]): readonly string[] {
  const [app] = NAMED.filter(({ name }) => name === "app");
  const own = files.filter(
    ({ path }) => app !== undefined && path.startsWith("components/services/") && belongsTo(app, path),
  );
  return NAMED.filter((service) => service !== app && own.some(({ tree }) => names(tree, service))).map(
    ({ name }) => name,
  );
}

function sizes(files: readonly SourceFile[]): readonly Figure[] {
  const size = (name: string, value: number, ...items: string[]): Figure => ({ name, value, items });
  const lines = files.map((file) => file.lines).sort((a, b) => a - b);
  const app = files.find(({ path }) => /^components\/services\/(app\/)?app\.ts$/.test(path));
  const stack = files.find(({ path }) => /^components\/(stack\/)?stack\.ts$/.test(path));
  const constructed = stack === undefined ? 0 : linesOfConstructor(stack.tree);
  return [
    size("lines of the app's file", app?.lines ?? 0, app?.path ?? ""),
    size("lines of the composition's file", stack?.lines ?? 0, stack?.path ?? ""),
    size("lines of the composition's constructor", constructed),
    size("files", files.length),
    size("lines of the median file", lines[Math.floor(lines.length / 2)] ?? 0),
    size("lines of the longest file", lines.at(-1) ?? 0),
  ];
}

function linesOfConstructor(tree: ts.SourceFile): number {
  const [found] = [...nodesOf(tree)].filter(ts.isConstructorDeclaration);
  if (found === undefined) return 0;
  const line = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  return line(found.getEnd()) - line(found.getStart()) + 1;
}
