import { SERVICES } from "../../components/services/catalogue.ts";
import type { Service } from "../../components/services/service.ts";

/** A service and what it is called in code. */
export interface Named {
  readonly name: string;
  /** The names of its images, which are those of products, each in words. */
  readonly products: readonly (readonly string[])[];
  /** Its folder, its settings' keys and its images, in lower case. */
  readonly keys: readonly string[];
  /** Whether a stack with default settings is without it. */
  readonly optional: boolean;
}

/** The folder of all services: as the key of a setting it says nothing about which. */
const FOLDER = "services";

/** The services of this checkout's catalogue, by which any other checkout is counted too. */
export const NAMED: readonly Named[] = SERVICES.map(({ name, images, settings }: Service) => ({
  name,
  products: Object.keys(images).map(wordsOf),
  keys: [...new Set([name, ...Object.keys(settings), ...Object.keys(images)])]
    .map((key) => key.toLowerCase())
    .filter((key) => key !== FOLDER),
  optional: Object.values(settings).some((schema) => (schema.parse({}) as { enabled?: boolean }).enabled === false),
}));

/** Whether a file belongs to a service: a folder or the first word of a file's name is the service's or its product's. */
export function belongsTo({ name, keys }: Named, path: string): boolean {
  const [, ...parts] = path.split("/");
  return (
    path.startsWith("components/") &&
    parts.some((part) =>
      [name, ...keys].some((key) => part === key || part === `${key}.ts` || part.startsWith(`${key}-`)),
    )
  );
}

/** Words of an identifier or a string in lower case: `natsExporter` is `nats` and `exporter`. */
function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** Whether an identifier or a string names one of a service's products. */
export function namesProduct({ products }: Named, text: string): boolean {
  const words = ` ${wordsOf(text).join(" ")} `;
  return products.some((product) => words.includes(` ${product.join(" ")} `));
}

/** The service whose row a key or an element is. */
export function rowOf(text: string): string | undefined {
  const words = wordsOf(text);
  return NAMED.find(({ keys }) =>
    keys.some((key) => words[0] === key || words.join("") === key || words.join("-") === key),
  )?.name;
}
