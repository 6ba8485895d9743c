/**
 * The layers of an image that an engine need not be sent, because it has them: the engine finds a layer by itself and
 * all below it, so only what an image begins with counts. A layer that comes again further up has to be sent.
 * @param layers digests of the image's layers, the lowest first
 * @param there the same of every image that the engine has
 */
export function sharedLayers(layers: readonly string[], there: readonly (readonly string[])[]): ReadonlySet<string> {
  const shared = Math.max(0, ...there.map((other) => commonStart(layers, other)));
  const above = new Set(layers.slice(shared));
  return new Set(layers.slice(0, shared).filter((layer) => !above.has(layer)));
}

function commonStart(left: readonly string[], right: readonly string[]): number {
  const differs = left.findIndex((layer, index) => layer !== right[index]);
  return differs === -1 ? left.length : differs;
}
