import { instance } from "@viz-js/viz";
import type { Diagram } from "./diagram.ts";
import { dot } from "./dot.ts";

/** A diagram as one SVG element that needs nothing from elsewhere; a screen reader gets its title and its description. */
export async function svg(diagram: Diagram): Promise<string> {
  const drawn = (await instance()).renderString(dot(diagram), { format: "svg", engine: "dot" });
  const element = drawn.slice(drawn.indexOf("<svg"));
  const services = diagram.zones.flatMap(({ nodes }) => nodes).length;
  const about = `Stack ${diagram.stack}: ${services} services in ${diagram.zones.length} zones, ${diagram.edges.length} connections`;
  return (
    element
      .replace("<svg ", `<svg role="img" aria-label="${about}" `)
      // Each box and arrow has its name as a title; the ids tell nothing, and change with the order of the services.
      .replaceAll(/ id="(node|edge|clust|graph)\d+"/g, "")
  );
}
