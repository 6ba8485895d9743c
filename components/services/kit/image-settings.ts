import { z } from "zod";
import { HUB } from "../../model/images.ts";
import { count, digest, oneOf, text } from "../../settings/kit/scalars.ts";

const REGISTRY = 'a registry\'s host such as "ghcr.io" or "registry.example.com:5000"';
const REPOSITORY = 'a path below the registry such as "example/shop"';
const TAG = 'a tag that names one version, such as "1.4.2"';
/** The largest number that the kernel takes for a user. */
const LARGEST_ID = 2 ** 31 - 1;

const pattern = (form: RegExp, allowed: string) => z.string({ error: allowed }).regex(form, allowed);

/** A list of words that run without a shell. */
export const words = (such: string) => {
  const allowed = `a list of words such as ${such}`;
  return z.array(text(allowed), { error: allowed }).min(1, allowed);
};

/** An image of your own. `health` is the setting of the path that its probe asks. */
export const imageSettings = (health: string) =>
  z.strictObject({
    registry: pattern(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/, REGISTRY)
      .default(HUB)
      .describe("Host of the registry. images.registry does not apply: a mirror has no copy of your image."),
    repository: pattern(/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/, REPOSITORY).describe(
      "Path below the registry.",
    ),
    tag: pattern(/^(?!latest$)\w[\w.-]{0,127}$/, TAG),
    digest: digest().optional().describe("Of the manifest list; wins over the tag. Production asks for one."),
    uid: count(1, LARGEST_ID)
      .meta({ examples: [1000] })
      .describe("Number of the user that the image is made for; never root."),
    gid: count(1, LARGEST_ID)
      .meta({ examples: [1000] })
      .describe("Number of that user's group."),
    probeTool: oneOf("curl", "wget")
      .optional()
      .describe(`What the image has to ask ${health} with. Docker runs health checks inside the container.`),
    probeCommand: words('["/app/shop", "health"]')
      .optional()
      .describe("A command of the image that ends with 0 when it is healthy, in place of probeTool."),
  });
