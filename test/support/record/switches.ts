/** A flag, something that may be absent, or a list or map that may be empty: it is on or off. */
export interface Switch {
  /** Key path below `apprun:`; the elements of a list have the path of the list. */
  readonly path: string;
  readonly on: boolean;
}

/** One of several ways. */
export interface Choice {
  readonly path: string;
  readonly allowed: readonly string[];
  /** @default - the section is off */
  readonly taken: string | undefined;
}

/** What of zod's description of a schema is read here. */
interface Description {
  readonly def: {
    readonly type: string;
    readonly innerType?: Description;
    readonly element?: Description;
    readonly entries?: Readonly<Record<string, string>>;
  };
  readonly shape?: Readonly<Record<string, Description>>;
}

/** Every switch of a schema, and where settings that it accepted set it. */
export function switchesOf(schema: unknown, settings: unknown): readonly Switch[] {
  return walk(schema as Description, [settings], "").flatMap(({ path, description, optional, values }) => {
    const { type } = description.def;
    if (type === "never") return [];
    if (type === "boolean") return [{ path, on: values.some((value) => value === true) }];
    if (type === "array" || type === "record")
      return [{ path, on: values.some((value) => Object.keys(value ?? {}).length > 0) }];
    return optional ? [{ path, on: values.some((value) => value !== undefined) }] : [];
  });
}

/** Every choice of a schema, and what settings that it accepted take. */
export function choicesOf(schema: unknown, settings: unknown): readonly Choice[] {
  return walk(schema as Description, [settings], "").flatMap(({ path, description, values }) => {
    const { type, entries = {} } = description.def;
    return type === "enum"
      ? [{ path, allowed: Object.values(entries), taken: values.find((value) => typeof value === "string") }]
      : [];
  });
}

interface Visited {
  readonly path: string;
  /** Without what makes it optional or gives it a default. */
  readonly description: Description;
  readonly optional: boolean;
  /** The values there; several below a list. */
  readonly values: readonly unknown[];
}

function walk(given: Description, values: readonly unknown[], path: string): readonly Visited[] {
  let [description, optional] = [given, false];
  while (description.def.innerType !== undefined) {
    optional ||= description.def.type === "optional";
    description = description.def.innerType;
  }
  const inside = Object.entries(description.shape ?? {}).flatMap(([key, inner]) =>
    walk(
      inner,
      values.map((value) => (value as Readonly<Record<string, unknown>> | undefined)?.[key]),
      path === "" ? key : `${path}.${key}`,
    ),
  );
  const { element } = description.def;
  const elements =
    element === undefined
      ? []
      : walk(
          element,
          values.flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [])),
          path,
        );
  return [
    { path, description, optional, values },
    ...inside,
    ...elements.filter((visited) => visited.path !== path || visited.description.def.type === "enum"),
  ];
}
