import { endsOf, type Diagram, type DiagramEdge, type DiagramNode } from "./diagram.ts";

const ARROWS: Record<DiagramEdge["kind"], string> = { enters: "==>", route: "==>", connects: "-->", writes: "-.-" };
const SHAPES: Record<DiagramNode["kind"], readonly [string, string]> = {
  workload: ["[", "]"],
  job: ["([", "])"],
  schedule: ["{{", "}}"],
};

/** A diagram as Mermaid, which GitHub and most wikis draw. */
export function mermaid(diagram: Diagram): string {
  const { outside, zones, volumes, edges } = diagram;
  return [
    "flowchart LR",
    ...outside.map((audience) => `  ${id("outside", audience)}((${text([audience])}))`),
    ...zones.flatMap(({ zone, nodes }) => [
      `  subgraph ${id("zone", zone)}[${text([zone])}]`,
      ...nodes.map(({ name, kind, details }) => {
        const [open, close] = SHAPES[kind];
        return `    ${id("service", name)}${open}${text([name, ...details])}${close}`;
      }),
      "  end",
    ]),
    ...volumes.map(
      ({ name, size, retention }) => `  ${id("volume", name)}[(${text([name, `${size}, ${retention}`])})]`,
    ),
    ...edges.map((edge) => {
      const ends = endsOf(edge).map(({ kind, name }) => id(kind, name));
      const { kind, labels } = edge;
      return `  ${ends.join(` ${ARROWS[kind]}${labels === undefined ? "" : `|${text(labels)}|`} `)}`;
    }),
    "",
  ].join("\n");
}

/** Names may be words of Mermaid itself, such as `end`, and a volume is often called as its service. */
function id(kind: string, name: string): string {
  return `${kind}-${name.replaceAll(/[^\w-]/g, "_")}`;
}

function text(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replaceAll('"', "#quot;")).join("<br>")}"`;
}
