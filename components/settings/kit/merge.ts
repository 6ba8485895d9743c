type Values = Readonly<Record<string, unknown>>;

/** What is said later, over what is said before: maps are joined, everything else is replaced. */
export function merge(before: Values, later: Values): Values {
  const joined = Object.entries(later).map(([key, value]): [string, unknown] => {
    const old = before[key];
    return [key, isMap(old) && isMap(value) ? merge(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(joined) };
}

export function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
