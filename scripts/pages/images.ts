import { CATALOGUE } from "../../components/services/catalogue.ts";
import type { CatalogueImage } from "../../components/model/images.ts";
import { table, type Page } from "./page.ts";

const HEAD = `# Images

Written by \`npm run generate\` from \`components/services/*/index.ts\`; a test fails when it is out of date.

\`apprun:images.pins.<name>\` sets another tag or a digest, \`apprun:images.registry\` takes all of them from a mirror. \`apprun:app.image\` names an image of your own for the app. A container runs as the user and group; the second pair is that of tags that do not say \`alpine\`.

\`node cli/bin.mjs images check\` asks each registry whether the tag is there and for which platforms. It names newer patches of the same line and the newest next line. It ends with 1 when a tag or a platform is missing or a newer patch is there. A tag such as \`17-alpine\` moves by itself and so has no newer patch, and a registry does not say when a line ends. It also shows on which public page user, tools, paths and platforms of each image were read, and when. \`not verified\` means that no page was found. \`node cli/bin.mjs images digests --stack prod\` writes tag and digest of the stack's images into its file. The two belong together: a newer tag of the catalogue counts again once the pin is removed or written again. Both use the logins of the stack's \`apprun:registries\` where a registry asks for one: \`images check --stack prod\`. Without \`--stack\` it logs in nowhere. Tests ask a stand-in registry, never a real one.

\`node cli/bin.mjs image push NAME\` brings an image to where the stack runs [without a registry](your-app.md#an-image-without-a-registry).

`;

/** Every image that a stack can run. */
export const images: Page = {
  file: "docs/images.md",
  content: () =>
    HEAD +
    table([["name", "repository", "tag", "platforms", "user"], ...Object.entries(CATALOGUE).sort(byName).map(row)]),
};

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

function row([name, { registry, repository, tag, platforms, uid, gid, debian }]: readonly [
  string,
  CatalogueImage,
]): readonly string[] {
  const other = debian === undefined ? "" : `, ${String(debian.uid)}:${String(debian.gid)}`;
  return [
    `\`${name}\``,
    `\`${registry}/${repository}\``,
    `\`${tag}\``,
    platforms.join(", "),
    `${String(uid)}:${String(gid)}${other}`,
  ];
}
