import { loadProject } from "../../cli/kit/project.ts";
import { diagramOf } from "../../cli/render/diagram/diagram.ts";
import { svg } from "../../cli/render/diagram/svg.ts";
import type { Page } from "./page.ts";

/** The stacks that come with the program. */
const STACKS = ["dev", "prod"];

/** Each of them as `npm run diagram` draws it. */
export const diagrams: readonly Page[] = STACKS.map((stack) => ({
  file: `docs/pictures/stack-${stack}.svg`,
  content: async () => svg(diagramOf(await loadProject({ stack, cwd: "." }))),
}));
