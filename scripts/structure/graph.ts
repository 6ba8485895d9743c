import type { SourceFile } from "./source.ts";

type Arrows = ReadonlyMap<string, readonly string[]>;

/** Groups of files that import each other, directly or not. */
export function circles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const arrows: Arrows = new Map(files.map(({ path, imports }) => [path, imports]));
  const reach = new Map(files.map(({ path }) => [path, reachable(path, arrows)]));
  const together = files.map(({ path }) =>
    [...(reach.get(path) ?? [])].filter((other) => reach.get(other)?.has(path)).sort(),
  );
  const unique = new Map(together.filter((group) => group.length > 1).map((group) => [group.join(), group]));
  return [...unique.values()];
}

function reachable(from: string, arrows: Arrows): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(arrows.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(arrows.get(next) ?? []));
  }
  return found;
}

/** Pairs of folders directly below one that import each other. */
export function folderPairs(files: readonly SourceFile[], below: string): readonly string[] {
  const folderOf = (path: string) =>
    path.startsWith(`${below}/`) && path.split("/").length > 2 ? (path.split("/")[1] ?? "") : undefined;
  const arrows = new Set<string>();
  for (const { path, imports } of files)
    for (const target of imports) {
      const [from, to] = [folderOf(path), folderOf(target)];
      if (from !== undefined && to !== undefined && from !== to) arrows.add(`${from} ${to}`);
    }
  return [...arrows]
    .map((arrow) => arrow.split(" "))
    .filter(([from = "", to = ""]) => from < to && arrows.has(`${to} ${from}`))
    .map((pair) => pair.join(" and "));
}

/** Files that are directly in a folder. */
export function looseFiles(files: readonly SourceFile[], folder: string): readonly string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/"));
}
