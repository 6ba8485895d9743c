import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { isCollection, isScalar, Document, visit } from "yaml";
import type { RecordedResource, Recording } from "../../../cli/kit/record.ts";
import type { InventoryWorkload } from "../../../components/model/inventory.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import type { Stack } from "../../../components/stack/stack.ts";

/** Lines of a generated file that is shown as it is, in its reader's text. */
const LINES_SHOWN = 135;
/** Lines of a generated file that is shown as a text of its own; of a longer one, and of every dashboard, the length and the hash. */
const LINES_OF_ONE = 600;
/** Lines of a file that each of its readers shows; a longer one is shown by the first. */
const LINES_REPEATED = 30;
/** Digits of a hash: enough to see a change, short enough for one line with the path. */
const HASH_DIGITS = 16;
/** Columns of a list or a map that stands on one line. */
const COLUMNS_OF_A_LINE = 110;
const CONTAINER = "docker:index/container:Container";
/** What runs pods. */
const CONTROLLER =
  /^kubernetes:(apps\/v1:(Deployment|StatefulSet)|batch\/v1:(Job|CronJob)|postgresql\.cnpg\.io\/v1:Cluster)$/;
/** A ConfigMap or a Secret; its name ends in a hash of its content, which is shown itself. */
const GENERATED_NAME = /"([a-z-]+-(?:files|secrets))-[0-9a-f]{8}"/g;

/** What a stack runs, as text by file name: what the model says, and everything that the container or the pod is given. Of replicas, the first. */
export function contentOf({ resources, result }: Recording<Stack>): ReadonlyMap<string, string> {
  const { workloads } = result.inventory;
  const shown = new Files();
  const named = (workload: InventoryWorkload) => (workload.instances.length > 1 ? `${workload.name}-1` : workload.name);
  const texts = resources.flatMap((resource): [string, string][] => {
    const of = workloads.find((workload) => resource.name === named(workload) || resource.name === workload.name);
    const model = of && { model: modelOf(of) };
    if (resource.type === CONTAINER)
      return of === undefined
        ? []
        : [[`${of.name}.yaml`, readable({ ...model, ...containerOf(of.name, resource, shown) })]];
    return CONTROLLER.test(resource.type)
      ? [[`${resource.name}.yaml`, readable({ ...model, ...controllerOf(resource, resources, shown) })]]
      : [];
  });
  return new Map([...texts, ...shown.alone]);
}

/** What the runtime is not told, or not in one place. */
function modelOf({ ports, connectsTo, startsAfter, replicas, maxReplicas, scaleLimit }: InventoryWorkload): object {
  return {
    ports: ports.map(({ name, port, exposure, listens }) =>
      [name, port, exposure, ...(listens === undefined ? [] : [listens])].join(" "),
    ),
    connectsTo,
    startsAfter: startsAfter.map(({ name }) => name),
    replicas: maxReplicas === undefined ? replicas : `${replicas} to ${maxReplicas}`,
    ...(scaleLimit !== undefined && { scaleLimit }),
  };
}

function containerOf(name: string, { inputs }: RecordedResource, shown: Files): object {
  const { uploads = [], ...container } = inputs as RecordedContainer;
  const files = uploads.map(({ file, content = "", ...upload }) => [
    file,
    { ...shown.text(name, file, content), ...upload },
  ]);
  return { container, files: Object.fromEntries(files) as object };
}

function controllerOf(
  { type, name, inputs }: RecordedResource,
  resources: readonly RecordedResource[],
  shown: Files,
): object {
  const text = JSON.stringify(inputs["spec"]);
  const sources = new Set([...text.matchAll(GENERATED_NAME)].map(([, source]) => source));
  const files = resources
    .filter(({ type: kind, name: source }) => /:(ConfigMap|Secret)$/.test(kind) && sources.has(source))
    .flatMap(({ inputs: given }) => Object.entries((given["data"] ?? given["stringData"]) as Record<string, string>))
    .map(([key, content]) => [key, shown.text(name, key, content)]);
  const spec: unknown = JSON.parse(text.replaceAll(GENERATED_NAME, '"$1"'));
  return { [type.slice(type.lastIndexOf(":") + 1)]: spec, files: Object.fromEntries(files) as object };
}

/** Files of the repository that a service is given as they are, by content. */
const REPOSITORY = new Map(
  readdirSync("components", { recursive: true, encoding: "utf8" })
    .map((path) => `components/${path}`)
    .filter((path) => !path.endsWith(".ts") && statSync(path).isFile())
    .map((path) => [readFileSync(path, "utf8"), path]),
);

/** Files of a stack: each is shown where it is in the repository, as it is, by its reader before, alone, or by its length. */
class Files {
  /** Those that are shown alone, by file name. */
  readonly alone = new Map<string, string>();
  readonly #readers = new Map<string, string>();

  text(name: string, path: string, content: string): object {
    const sha256 = createHash("sha256").update(content).digest("hex").slice(0, HASH_DIGITS);
    const from = REPOSITORY.get(content) ?? this.#readers.get(content);
    if (from !== undefined) return { from, sha256 };
    const lines = content.split("\n").length;
    if (lines > LINES_REPEATED) this.#readers.set(content, `${name} ${path}`);
    if (lines <= LINES_SHOWN) return { content };
    if (lines > LINES_OF_ONE || path.endsWith(".json")) return { lines, sha256 };
    const alone = `${name}.${path.replace(/^.*[/_]/, "")}`;
    this.alone.set(alone, content);
    return { alone };
  }
}

/** YAML with what is short on one line and text as it is. */
export function readable(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, (_, node) => {
    if (isCollection(node) && !(node === document.contents) && isShort(node.toJSON())) node.flow = true;
    if (isScalar(node) && typeof node.value === "string" && node.value.trimEnd().includes("\n"))
      node.type = "BLOCK_LITERAL";
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function isShort(value: unknown): boolean {
  const text = JSON.stringify(value);
  return text.length <= COLUMNS_OF_A_LINE && !text.includes("\\n");
}
