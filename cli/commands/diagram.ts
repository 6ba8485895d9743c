import { resolve } from "node:path";
import { print } from "../kit/output.ts";
import { writeText } from "../kit/write-text.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";
import { diagramOf } from "../render/diagram/diagram.ts";
import { mermaid } from "../render/diagram/mermaid.ts";

export interface DiagramCommandOptions extends CommonOptions {
  readonly format: "mermaid" | "svg";
  readonly jobs?: boolean;
  readonly out?: string;
}

/** Draws the stack as its settings have it: nothing that runs is asked. */
export async function diagram({ format, jobs = false, out, ...options }: DiagramCommandOptions): Promise<void> {
  const picture = diagramOf(await loadProject(options), { jobs });
  const text = await drawn();
  if (out === undefined) print(text.trimEnd());
  else writeText("--out", resolve(out), text);

  async function drawn(): Promise<string> {
    if (options.json === true) return JSON.stringify(picture, null, 2);
    if (format === "mermaid") return mermaid(picture);
    // A megabyte of layout: loaded where a picture is drawn.
    return (await import("../render/diagram/svg.ts")).svg(picture);
  }
}
