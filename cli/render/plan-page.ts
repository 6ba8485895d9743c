import { formatMebibytes, formatMillicores } from "../../components/model/units.ts";
import type { Plan } from "../kit/plan.ts";
import { sectionsOf, type Section } from "../kit/plan-sections.ts";

/** Colours with a contrast of at least 4.5 to 1, and a layout of one column that a phone can show: the diagram is shown whole, wide tables scroll by themselves and have a shadow where they go on. */
const STYLE = `
:root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1d2329; background: #fff }
body { margin: 0 auto; max-width: 76rem; padding: 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
.scroll { overflow-x: auto; max-width: 100%; background: linear-gradient(to right, #fff 30%, #fff0) left, linear-gradient(to left, #fff 30%, #fff0) right, linear-gradient(to right, #0003, #0000) left, linear-gradient(to left, #0003, #0000) right; background-size: 3rem 100%, 3rem 100%, .8rem 100%, .8rem 100%; background-repeat: no-repeat; background-attachment: local, local, scroll, scroll }
.scroll:focus-visible { outline: 2px solid #1f5f9e }
table { border-collapse: collapse; font-size: .9rem } th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #d5dade; vertical-align: top; white-space: nowrap } .long { white-space: normal; min-width: 14rem }
svg { width: 100%; max-width: 62rem; height: auto }
meter { width: 100%; height: 1.2rem } .bar { display: grid; grid-template-columns: 6rem 1fr; gap: 0 1rem; align-items: center; max-width: 40rem } .bar span { grid-column: 2; font-size: .9rem }
li { margin: .4rem 0 } .mandatory { color: #a32014; font-weight: 600 }
`;

/** A dry run as one page that loads nothing from elsewhere. `diagram` is an SVG element. */
export function planPage(plan: Plan, diagram: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Plan of stack ${escaped(plan.stack)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Plan of stack ${escaped(plan.stack)}</h1>
<p>${plan.resources.length} resources. A dry run: real state and provider differences are only seen by <code>preview</code>.</p>
</header>
<main>
<section aria-labelledby="findings">
<h2 id="findings">Policies</h2>
${findings(plan)}
</section>
<section aria-labelledby="diagram">
<h2 id="diagram">Diagram</h2>
${diagram}
</section>
${bars(plan)}
${sectionsOf(plan).map(table).join("\n")}
</main>
</body>
</html>
`;
}

function findings({ findings: found }: Plan): string {
  if (found.length === 0) return "<p>Nothing found.</p>";
  const items = found.map(({ policy, enforcement, message, accepted }) => {
    const reason = accepted === undefined ? "" : ` <em>Accepted: ${escaped(accepted)}</em>`;
    return `<li><span class="${enforcement}">${escaped(policy)} (${enforcement})</span>: ${escaped(message)}${reason}</li>`;
  });
  return `<ul>\n${items.join("\n")}\n</ul>`;
}

/** How much of the host the limits take. A cluster's scheduler decides that there. */
function bars({ host, sum }: Plan): string {
  if (host === undefined) return "";
  const rows = [
    ["CPU", sum.cpu, host.cpu, formatMillicores],
    ["memory", sum.memory, host.memory, formatMebibytes],
    ["disk", sum.disk, host.disk, formatMebibytes],
  ] as const;
  const bar = rows.map(([name, used, there, format]) => {
    const text = `${format(used)} of ${format(there)}`;
    const max = Math.max(used, there);
    // Beyond the host's size the bar is full and has the colour of what is bad, except for CPU: that is shared, and nobody is ended for it.
    const [high, beyond] = name === "CPU" ? [max, ": services share it"] : [there, ", more than the host has"];
    const scale = `min="0" low="${there}" high="${high}" optimum="0" max="${max}" value="${used}"`;
    const more = used > there ? beyond : "";
    return `<div class="bar"><label for="bar-${name}">${name}</label><meter id="bar-${name}" ${scale}>${text}</meter><span>${text}${more}</span></div>`;
  });
  return `<section aria-labelledby="budget">\n<h2 id="budget">Budget of the host</h2>\n${bar.join("\n")}\n</section>`;
}

function table({ title, head, rows }: Section): string {
  const id = title.toLowerCase().replaceAll(/\W+/g, "-");
  const row = (cells: readonly (string | number)[]) =>
    `<tr>${cells.map((cell) => `<td${isLong(cell) ? ' class="long"' : ""}>${escaped(String(cell))}</td>`).join("")}</tr>`;
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escaped(title)}</h2>
<div class="scroll" tabindex="0" role="group" aria-labelledby="${id}"><table>
<thead><tr>${head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join("")}</tr></thead>
<tbody>
${rows.map(row).join("\n")}
</tbody>
</table></div>
</section>`;
}

/** Sentences and lists break into lines; names and sizes do not. */
function isLong(cell: string | number): boolean {
  return String(cell).length > 40 && String(cell).includes(" ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
