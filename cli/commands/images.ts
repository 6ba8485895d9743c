import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLAIMS } from "../../components/model/image-sources.ts";
import { CATALOGUE, IMAGE_NAMES, selectImage, type ImageName } from "../../components/services/catalogue.ts";
import { readStack } from "../engine/read-stack.ts";
import { registryLogins } from "../engine/registry-logins.ts";
import type { LoginFor } from "../images/authorization.ts";
import { RegistryClient } from "../images/registry-client.ts";
import { look, type Looked } from "../images/look.ts";
import { withPins, type Pin } from "../images/pins.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { note, print, printJson, table } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";

export interface ImagesCheckOptions extends Omit<CommonOptions, "stack"> {
  /** Whose logins of registries are used. @default - nobody logs in */
  readonly stack?: string;
}

/** Compares every image of the catalogue with its registry. */
export async function imagesCheck(
  { stack, json = false, ...options }: ImagesCheckOptions,
  ask: (login?: LoginFor) => Pick<RegistryClient, "image" | "tags"> = (login) => new RegistryClient(login),
  catalogue: Partial<typeof CATALOGUE> = CATALOGUE,
): Promise<void> {
  const client = ask(stack === undefined ? undefined : loginsOf(await loadProject({ ...options, stack })));
  const looked = [];
  // One after the other: registries limit how often they are asked.
  for (const [name, image] of Object.entries(catalogue))
    if (image.published === false) note(`not asked: ${name}, which no public registry has`);
    else looked.push(await look(client, name, image));
  if (json) printJson(looked);
  else {
    print(
      table(
        ["image", "reference", "state", "next line"],
        looked.map(({ image, reference, problems, newerLine }) => [
          image,
          reference,
          problems.length === 0 ? "up to date" : problems.join("; "),
          newerLine ?? "-",
        ]),
      ),
    );
    print(`\n${table(["image", "of", "says", "read on"], looked.flatMap(sourceRows))}`);
  }
  const behind = looked.filter(({ problems }) => problems.length > 0);
  if (behind.length > 0)
    throw new CliError({
      happened: `${behind.length} of ${looked.length} images of the catalogue are not as their registries have them`,
      fix: "change their tags in the catalogue, or pin them in the stack with apprun:images.pins",
    });
}

/** One row a page: what it says of the image. */
function sourceRows({ image, sources }: Pick<Looked, "image" | "sources">): readonly (readonly string[])[] {
  const pages = new Set(CLAIMS.map((claim) => sources[claim]));
  return [...pages].map((page) => [
    image,
    CLAIMS.filter((claim) => sources[claim] === page).join(", "),
    page,
    sources.lookedUp,
  ]);
}

/** Writes the digests of a stack's images into its file, as its policy `image-digest` asks. */
export async function imagesDigests(
  options: CommonOptions,
  ask: (login: LoginFor) => Pick<RegistryClient, "image"> = (login) => new RegistryClient(login),
): Promise<void> {
  const project = await loadProject(options);
  const { directory, stack, settings, recording } = project;
  const client = ask(loginsOf(project));
  const file = `Pulumi.${stack}.yaml`;
  const used = new Set(recording.result.inventory.workloads.map(({ image }) => image));
  const own = Object.keys(settings.images.own ?? {});
  const names = IMAGE_NAMES.filter((name) => used.has(name) && !own.includes(name));
  const pins: Pin[] = [];
  for (const name of names) pins.push(await pinOf(client, name, settings.images));
  const path = join(directory, file);
  writeFileSync(path, withPins(existsSync(path) ? readFileSync(path, "utf8") : "config: {}\n", pins));
  if (options.json === true) printJson({ stack, file, pins });
  else
    print(
      table(
        ["image", "tag", "digest"],
        pins.map(({ image, tag, digest }) => [image, tag, digest]),
      ),
    );
  note(`${pins.length} pins are in ${file}`);
  for (const name of own.filter((each) => used.has(each)))
    note(`not written: the digest of your own image ${name}; set it beside its tag`);
}

/** The logins of a stack's registries. Its configuration is opened for the first registry that wants one. */
function loginsOf(project: Project): LoginFor {
  const { registries, secretsCommand } = project.settings;
  return async (host) => {
    if (registries[host]?.username === undefined) return undefined;
    const stack =
      secretsCommand === undefined
        ? await readStack(project)
        : // The command may have the password of a stack that the engine does not know yet.
          { getConfig: async (key: string) => (await readStack(project)).getConfig(key) };
    const [login] = await registryLogins(project, stack, [host]);
    return login;
  };
}

/** The digest under the place that the stack pulls from, which may be a mirror. */
async function pinOf(
  client: Pick<RegistryClient, "image">,
  name: ImageName,
  images: Parameters<typeof selectImage>[1],
): Promise<Pin> {
  const { registry, repository, tag } = selectImage(name, images);
  const mirror = images?.registry ?? images?.mirrors?.[registry];
  const [host = registry, ...path] = mirror?.split("/") ?? [registry];
  const found = await client.image(host, [...path, repository].join("/"), tag);
  if (found !== undefined) return { image: name, tag, digest: found.digest };
  throw new CliError(
    {
      got: `images.pins.${name}: the registry ${host} has no ${repository}:${tag}`,
      allowed: "a tag that it has",
      fix: "nothing was written: change that tag",
    },
    EXIT.usage,
  );
}
