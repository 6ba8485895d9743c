import { POLICIES } from "../../policies/all.ts";
import type { Page } from "./page.ts";

const HEAD = `# Policies

Made from \`policies/\` by \`npm run generate\`; do not edit.

The same checks run in three places:

- the dry run, without an engine: \`npm run plan -- --stack NAME\`. \`npm run up\` does it first and changes nothing if a mandatory policy is broken. A mandatory finding ends with 1.
- the engine: \`pulumi preview --policy-pack policies\`, \`pulumi up --policy-pack policies\`. A mandatory finding ends with another code than 0.
- stored state: \`pulumi policy analyze --stack NAME --policy-pack policies\`, or \`--file\` with an exported state. The exit code is the engine's.

The dry run sees what the program asks for; the engine sees what the provider made of it. Stored state comes without the stack's settings, so the sum of limits is not compared with the host, and nothing is accepted. \`--policy-pack-config\` takes a file such as \`{ "route-tls": "advisory" }\`.

A mandatory finding ends the command. A stack accepts one with a reason, and the finding stays visible:

\`\`\`yaml
apprun:policies:
  accept:
    backup-remote: the host is copied as a whole every night
\`\`\`

\`npm run mutate -- -m FILES\` changes the code of policies one place at a time; a spec must fail each time. Strings are left as they are, and what runs once when a file is loaded is not counted. Scores of 2026-11-21:

| files | failed a spec | mutants | score |
| --- | --- | --- | --- |
| \`policies/evaluate.ts\` | 31 | 31 | 100 % |
| \`policies/containers/*.ts\` | 70 | 70 | 100 % |
| \`policies/read/*.ts\` | 478 | 481 | 99.4 % |
| \`data\`, \`edge\`, \`images\`, \`kubernetes\`, \`network\`, \`secrets\` and \`stack\` of \`policies/\` | 576 | 583 | 98.8 % |

The ten that no spec fails for change nothing that is found. Examples: a name that nothing has in a list of names, a second space, the label of something that publishes no port. Code for seven of them was rewritten after that count; those four files (\`traefik.ts\`, \`team-access.ts\`, \`volumes-protected.ts\`, \`kratos-dev.ts\`) were not counted again.

`;

/** What every stack must meet. */
export const policies: Page = {
  file: "docs/policies.md",
  content: () => {
    const sections = POLICIES.map(({ name, description, enforcement: { prod, elsewhere }, allowed, remedy }) =>
      [
        `## ${name}`,
        "",
        `${description} ${prod === elsewhere ? `It is ${prod}.` : `It is ${prod} in \`prod\`, ${elsewhere} elsewhere.`}`,
        "",
        `- Allowed: ${allowed}`,
        `- Remedy: ${remedy}`,
        "",
      ].join("\n"),
    );
    return HEAD + sections.join("\n");
  },
};
