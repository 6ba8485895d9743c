import { quantity } from "../runtime/kubernetes/quantity.ts";

/** One field of an object that is not what the model says. */
export interface Difference {
  /** As in `spec.template.spec.containers[app].image`. */
  readonly path: string;
  readonly got: string;
  readonly wanted: string;
}

const ABSENT = "absent";

/** Parts of a pod that no cluster adds by itself to a Deployment or a Job: where the program has none, somebody put them there. */
const BY_HAND = ["env", "envFrom", "hostNetwork", "hostPID", "initContainers", "volumeMounts", "volumes"];

/**
 * Where an object of a cluster differs from what the program asked for. What
 * the cluster adds by itself is no difference; an entry of a list that nobody
 * asked for is one.
 */
export function differences(wanted: unknown, actual: unknown, path: string): readonly Difference[] {
  if (wanted === undefined || wanted === null || (isEmpty(wanted) && isEmpty(actual))) return [];
  if (Array.isArray(wanted)) return listDifferences(wanted, Array.isArray(actual) ? actual : [], path);
  if (isMap(wanted)) {
    if (!isMap(actual)) return [{ path, got: ABSENT, wanted: "there" }];
    const added = BY_HAND.filter((key) => wanted[key] === undefined && !isEmpty(actual[key]));
    return [
      ...Object.entries(wanted).flatMap(([key, value]) => differences(value, fieldOf(actual, key), `${path}.${key}`)),
      ...added.map((key) => ({ path: `${path}.${key}`, got: "there", wanted: ABSENT })),
    ];
  }
  return isSame(wanted, actual, path) ? [] : [{ path, got: shown(actual), wanted: shown(wanted) }];
}

function listDifferences(wanted: readonly unknown[], actual: readonly unknown[], path: string): readonly Difference[] {
  const names = wanted.map(nameOf);
  if (names.includes(undefined) || new Set(names).size < names.length) {
    const length =
      wanted.length === actual.length
        ? []
        : [{ path, got: `a list of ${actual.length}`, wanted: `a list of ${wanted.length}` }];
    return [
      ...length,
      ...wanted.slice(0, actual.length).flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`)),
    ];
  }
  const found = new Map(actual.map((item) => [nameOf(item) ?? "", item]));
  return [
    ...wanted.flatMap((item) => {
      const name = nameOf(item) ?? "";
      const at = `${path}[${name}]`;
      return found.has(name) ? differences(item, found.get(name), at) : [{ path: at, got: ABSENT, wanted: "there" }];
    }),
    ...[...found.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => ({ path: `${path}[${name}]`, got: "there", wanted: ABSENT })),
  ];
}

function isSame(wanted: unknown, actual: unknown, path: string): boolean {
  // The API gives numbers for the texts that some fields also take.
  const [a, b] = [String(wanted), String(actual)];
  if (a === b) return true;
  if (/\.(limits|requests|capacity)\.\w+$/.test(path) && actual !== undefined) return quantity(a) === quantity(b);
  // The provider gives ConfigMaps and Secrets a new name with every content.
  return GENERATED.test(a) && a.replace(GENERATED, "") === b.replace(GENERATED, "");
}

/** What the provider puts behind a name. */
export const GENERATED = /-[0-9a-f]{8}$/;

function shown(value: unknown): string {
  if (value === undefined || value === null) return ABSENT;
  return typeof value === "object" ? "there" : JSON.stringify(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The client puts an underscore before names that are words of the language, such as `from`. */
function fieldOf(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return object[key] ?? object[`_${key}`];
}

/** The API leaves out what is empty or false. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

function nameOf(item: unknown): string | undefined {
  return isMap(item) && typeof item["name"] === "string" ? item["name"] : undefined;
}
