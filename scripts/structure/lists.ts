import ts from "typescript";
import { belongsTo, NAMED, rowOf } from "./services.ts";
import { nodesOf, wordOf, type SourceFile } from "./source.ts";

/** A list or map that is written by hand and has a row for each of several services. */
export interface HandList {
  /** File and the name of what holds the list. */
  readonly at: string;
  readonly path: string;
  readonly services: readonly string[];
  /** Where each row is in the file's text, with the service that it is for. */
  readonly rows: readonly Row[];
}

export interface Row {
  readonly service: string;
  readonly start: number;
  readonly end: number;
}

/** From so many services on it is a list of services, and no longer two that belong together. */
const MANY = 4;

/** Lists, maps, interfaces and unions outside of services' own files with a row for each of several services. */
export function handLists(files: readonly SourceFile[]): readonly HandList[] {
  const found = files
    .filter(({ path }) => !NAMED.some((service) => belongsTo(service, path)))
    .flatMap(({ path, tree }) =>
      [...nodesOf(tree)].flatMap((node) => {
        const rows = elementsOf(node).flatMap((element) => rowAt(element) ?? []);
        const services = [...new Set(rows.map(({ service }) => service))].sort();
        return services.length < MANY ? [] : [{ at: `${path} ${nameOf(node)}`, path, services, rows }];
      }),
    );
  return found.filter(({ at }, index) => found.findIndex((other) => other.at === at) === index);
}

/** What a list or a map consists of; anything else of nothing. */
function elementsOf(node: ts.Node): readonly ts.Node[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (ts.isObjectLiteralExpression(node)) return node.properties;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) return node.members;
  return ts.isUnionTypeNode(node) ? node.types : [];
}

/** The row that an element is, by the first word of it: its key, where it has one. */
function rowAt(element: ts.Node): Row | undefined {
  const { name = element } = element as ts.Node & { readonly name?: ts.Node };
  for (const each of nodesOf(name)) {
    const word = wordOf(each);
    const service = word === undefined ? undefined : rowOf(word);
    if (service !== undefined) return { service, start: element.getFullStart(), end: element.getEnd() };
    if (word !== undefined) return undefined;
  }
  return undefined;
}

/** The nearest thing around a node that has a name. */
function nameOf(node: ts.Node): string {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return "constructor";
    const name = (at as ts.Node & { readonly name?: ts.Node }).name;
    if (
      (ts.isVariableDeclaration(at) ||
        ts.isFunctionDeclaration(at) ||
        ts.isInterfaceDeclaration(at) ||
        ts.isTypeAliasDeclaration(at)) &&
      name !== undefined
    )
      return name.getText();
  }
  return "module";
}
