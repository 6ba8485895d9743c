/** A service of your own, as far as it says whom it connects to. */
export type Connecting = readonly [name: string, service: { readonly connectsTo: readonly string[] }];

/** The same services, each after those that it connects to; in a circle after those that can be. */
export function startOrder<Each extends Connecting>(services: readonly Each[]): readonly Each[] {
  const sorted: Each[] = [];
  const seen = new Set<string>();
  const visit = (each: Each) => {
    if (seen.has(each[0])) return;
    seen.add(each[0]);
    for (const other of services) if (each[1].connectsTo.includes(other[0])) visit(other);
    sorted.push(each);
  };
  services.forEach(visit);
  return sorted;
}

/** The names of a circle of connections, in their order; nothing where there is none. */
export function circleFrom(start: string, services: readonly Connecting[]): readonly string[] | undefined {
  const connections = new Map(services.map(([name, { connectsTo }]) => [name, connectsTo]));
  const visit = (path: readonly string[]): readonly string[] | undefined => {
    for (const next of connections.get(path.at(-1) ?? "") ?? []) {
      if (next === start) return [...path, next];
      if (path.includes(next)) continue;
      const found = visit([...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit([start]);
}
