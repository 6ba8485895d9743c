import type { Service } from "../../../components/services/service.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import type { Page } from "../page.ts";
import { ALL } from "./facts.ts";
import { connections, credentials, data, logs, parts, ports, settings } from "./sections.ts";
import { watching } from "./watching.ts";

const ABOUT = `Written by \`npm run generate\` from what the program declares for a stack with everything on. A test fails when a page is out of date.

- Limits and sizes are those of the defaults. The [table of images](../images.md) has registry, platforms and user of each image.
- The [table of ports](../ports.md) says where a host listens.
- A connection that no page names is refused.
- With \`apprun:logs.enabled\` Grafana has the lines of all services except those of [Logs](logs.md) itself.
- Alerts lead to their runbooks. [Alerts](../alerts.md) is the list of all.
`;

/** A page for each service, and the list of them. */
export const services: readonly Page[] = [
  { file: "docs/services/README.md", content: index },
  ...ALL.map((service) => ({ file: `docs/services/${service.name}.md`, content: () => pageOf(service) })),
];

function index(): string {
  return [
    "# Services",
    "",
    ...ALL.map(({ name, title, purpose }) => `- [${title}](${name}.md): ${purpose}`),
    "",
    "## What these pages say",
    "",
    ABOUT,
    "",
  ].join("\n");
}

async function pageOf(service: Service<Settings>): Promise<string> {
  const { title, purpose, guides } = service;
  const sections = [
    await parts(service),
    await ports(service),
    await connections(service),
    await data(service),
    settings(service),
    await watching(service),
    await logs(service),
    await credentials(service),
  ];
  return [
    `# ${title}`,
    "",
    purpose,
    "",
    ...(guides.length > 0 ? [`Read more: ${guides.map((page) => `[${page}](../${page})`).join(", ")}.`, ""] : []),
    "Written by `npm run generate`; [what these pages say](README.md#what-these-pages-say).",
    "",
    ...sections.flat(),
  ].join("\n");
}
