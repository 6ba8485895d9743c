/** The parts of a schema in which others are. */
export interface SchemaParts {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly def?: {
    readonly type?: string;
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly valueType?: unknown;
    readonly options?: readonly unknown[];
  };
}

/** The schema at a key of an object, at an index of a list or at any key of a map. */
export function schemaAt(schema: unknown, key: string): unknown {
  const { shape, def } = unwrapped(schema);
  return shape?.[key] ?? def?.element ?? def?.valueType;
}

/** A schema without its defaults and optionals. */
export function unwrapped(schema: unknown): SchemaParts {
  let current = schema as SchemaParts | undefined;
  while (current?.def?.innerType !== undefined) current = current.def.innerType as SchemaParts;
  return current ?? {};
}
