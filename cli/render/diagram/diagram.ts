import type { InventoryPort } from "../../../components/model/inventory.ts";
import type { Audience } from "../../../components/model/page.ts";
import { ZONES, type Zone } from "../../../components/model/zones.ts";
import { pagesOf } from "../../../components/stack/pages.ts";
import type { Project } from "../../kit/project.ts";

/** A picture of a stack, before any notation. */
export interface Diagram {
  readonly stack: string;
  /** From the outside in; only zones that have a node. */
  readonly zones: readonly { readonly zone: Zone; readonly nodes: readonly DiagramNode[] }[];
  /** Who comes from outside: the audiences of the routes. */
  readonly outside: readonly Audience[];
  readonly volumes: readonly { readonly name: string; readonly size: string; readonly retention: string }[];
  readonly edges: readonly DiagramEdge[];
}

export interface DiagramNode {
  readonly name: string;
  readonly kind: "workload" | "job" | "schedule";
  /** Its port and exposure, replicas and the like, a line each. */
  readonly details: readonly string[];
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  /** From an audience, from the proxy to a page, an arrow of the model, or to a volume that is written. */
  readonly kind: "enters" | "route" | "connects" | "writes";
  /** Addresses of pages. @default - none */
  readonly labels?: readonly string[];
}

/** What stands at the two ends of an edge: names alone do not tell, because a volume is often called as its service. */
export function endsOf({ from, to, kind }: DiagramEdge): readonly { readonly kind: EndKind; readonly name: string }[] {
  return [
    { kind: kind === "enters" ? "outside" : "service", name: from },
    { kind: kind === "writes" ? "volume" : "service", name: to },
  ];
}

type EndKind = "outside" | "service" | "volume";

export interface DiagramOptions {
  /** Whether jobs are in it, which run once and are done. @default false */
  readonly jobs?: boolean;
}

/** What a stack looks like: services in their zones, who connects to whom, routes, ports, volumes. */
export function diagramOf(
  { stack, settings, recording }: Pick<Project, "stack" | "settings" | "recording">,
  { jobs = false }: DiagramOptions = {},
): Diagram {
  const { inventory, pages, urls } = recording.result;
  const shown = inventory.workloads.filter(({ kind }) => jobs || kind !== "job");
  const names = new Set(shown.map(({ name }) => name));
  const node = ({ name, kind, ports, replicas, maxReplicas }: (typeof shown)[number]): DiagramNode => ({
    name,
    kind,
    details: [
      ...(maxReplicas !== undefined ? [`${replicas} to ${maxReplicas} replicas`] : []),
      ...(maxReplicas === undefined && replicas > 1 ? [`${replicas} replicas`] : []),
      ...ports.map(({ port, exposure, listens }) => `${listens ?? port} ${exposure}`),
    ],
  });
  const routes = pagesOf(settings).flatMap(({ name, audience }) => {
    const [to, url] = [pages[name], urls[name]];
    return to === undefined || url === undefined || !names.has(to) ? [] : [{ audience, to, label: hostOf(url) }];
  });
  const outside = [...new Set(routes.map(({ audience }) => audience))].sort();
  // On a Docker host one workload takes what comes from outside; a cluster has that already.
  const door = shown.find(({ zone, ports }) => zone === "edge" && ports.some(isDoor));
  const written = new Set(shown.flatMap(({ writes }) => writes));
  return {
    stack,
    zones: ZONES.map((zone) => ({ zone, nodes: shown.filter((each) => each.zone === zone).map(node) })).filter(
      ({ nodes }) => nodes.length > 0,
    ),
    outside,
    volumes: inventory.volumes
      .filter(({ name, retention }) => retention === "data" || written.has(name))
      .map(({ name, size, retention }) => ({ name, size, retention })),
    edges: [
      ...waysIn(routes, outside, door?.name),
      ...shown.flatMap(({ name, connectsTo }) =>
        connectsTo.filter((to) => names.has(to)).map((to) => ({ from: name, to, kind: "connects" as const })),
      ),
      ...shown.flatMap(({ name, writes }) => writes.map((to) => ({ from: name, to, kind: "writes" as const }))),
    ],
  };
}

/** Requests come over TCP; a collector of logs listens too, over UDP. */
function isDoor({ listens }: InventoryPort): boolean {
  return listens !== undefined && !listens.endsWith("/udp");
}

interface Way {
  readonly audience: Audience;
  readonly to: string;
  readonly label: string;
}

/** One arrow between two boxes, however many pages it leads to. */
function waysIn(
  routes: readonly Way[],
  outside: readonly Audience[],
  door: string | undefined,
): readonly DiagramEdge[] {
  const through = routes.map(({ audience, to, label }) => ({ from: door ?? audience, to, label }));
  const ends = [...new Map(through.map(({ from, to }) => [`${from} ${to}`, { from, to }])).values()];
  return [
    ...(door === undefined ? [] : outside.map((from) => ({ from, to: door, kind: "enters" as const }))),
    ...ends.map(({ from, to }) => ({
      from,
      to,
      kind: door === undefined ? ("enters" as const) : ("route" as const),
      labels: through.filter((each) => each.from === from && each.to === to).map(({ label }) => label),
    })),
  ];
}

function hostOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + (pathname === "/" ? "" : pathname);
}
