import { endsOf, type Diagram, type DiagramEdge, type DiagramNode } from "./diagram.ts";

type Attributes = Readonly<Record<string, string>>;

/** Colours that keep a contrast of 4.5 to 1 between text and ground. */
const ZONE_COLOURS: Readonly<Record<string, Attributes>> = {
  edge: { fillcolor: "#fff4e5", color: "#b25e00" },
  backend: { fillcolor: "#eaf2fb", color: "#1f5f9e" },
  data: { fillcolor: "#eef7ee", color: "#2f6f34" },
};
const NODES: Record<DiagramNode["kind"], Attributes> = {
  workload: { style: "filled,rounded" },
  job: { style: "filled,rounded,dashed" },
  schedule: { style: "filled,dashed" },
};
const EDGES: Record<DiagramEdge["kind"], Attributes> = {
  enters: { color: "#b25e00", penwidth: "2" },
  route: { color: "#b25e00", penwidth: "2" },
  connects: { color: "#5b6570" },
  writes: { color: "#2f6f34", style: "dashed", arrowhead: "none" },
};

/** A diagram in the language of Graphviz, which places boxes and arrows. */
export function dot({ stack, outside, zones, volumes, edges }: Diagram): string {
  const font = { fontname: "Helvetica,Arial,sans-serif", fontsize: "11" };
  return [
    `digraph ${quoted(`stack ${stack}`)} {`,
    `  graph ${attributes({ ...font, rankdir: "LR", bgcolor: "white", pad: "0.2", nodesep: "0.18", ranksep: "0.7" })}`,
    `  node ${attributes({ ...font, shape: "box", style: "filled,rounded", fillcolor: "white", color: "#5b6570", margin: "0.3,0.08" })}`,
    `  edge ${attributes({ ...font, fontsize: "9", arrowsize: "0.6" })}`,
    ...outside.map((audience) => node(`outside ${audience}`, [audience], { shape: "ellipse", penwidth: "2" })),
    ...zones.flatMap(({ zone, nodes }) => [
      `  subgraph ${quoted(`cluster ${zone}`)} {`,
      `  graph ${attributes({ label: zone, style: "filled,rounded", ...ZONE_COLOURS[zone] })}`,
      ...nodes.map(({ name, kind, details }) => node(`service ${name}`, [name, ...details], NODES[kind])),
      "  }",
    ]),
    ...volumes.map(({ name, size, retention }) =>
      node(`volume ${name}`, [name, `${size}, ${retention}`], { shape: "cylinder", style: "filled" }),
    ),
    ...edges.map((edge) => {
      const ends = endsOf(edge).map(({ kind, name }) => quoted(`${kind} ${name}`));
      const { kind, labels } = edge;
      return `  ${ends.join(" -> ")} ${attributes({ ...EDGES[kind], ...(labels && { label: labels.join("\n") }) })}`;
    }),
    "}",
    "",
  ].join("\n");
}

function node(id: string, lines: readonly string[], more: Attributes): string {
  return `  ${quoted(id)} ${attributes({ label: lines.join("\n"), ...more })}`;
}

function attributes(values: Attributes): string {
  return `[${Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(", ")}]`;
}

function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
