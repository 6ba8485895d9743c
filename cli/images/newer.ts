interface Version {
  /** What is before and after the numbers, such as `v` and `-alpine`: another one is another kind of image. */
  readonly around: string;
  readonly numbers: readonly number[];
}

/** A tag that names a version by at least two numbers; `17-alpine` moves with every patch and so has none that is newer. */
function versionOf(tag: string): Version | undefined {
  const [, before = "", numbers = "", after = ""] = /^(v?)(\d+(?:\.\d+)+)(-[a-z][a-z-]*)?$/.exec(tag) ?? [];
  return numbers === "" ? undefined : { around: `${before}|${after}`, numbers: numbers.split(".").map(Number) };
}

/** Newer versions than a tag's, of the same kind: the newest of its own line, and the newest of any later line. */
export interface Newer {
  readonly patch?: string;
  readonly line?: string;
}

/** What a repository has that is newer than a tag. A line is everything but the last number. */
export function newerThan(tag: string, tags: readonly string[]): Newer {
  const own = versionOf(tag);
  if (own === undefined) return {};
  const later = tags
    .flatMap((each) => {
      const version = versionOf(each);
      const isSameKind = version?.around === own.around && version.numbers.length === own.numbers.length;
      return isSameKind && compare(version.numbers, own.numbers) > 0 ? [{ tag: each, numbers: version.numbers }] : [];
    })
    .sort((a, b) => compare(b.numbers, a.numbers));
  const isOwnLine = (numbers: readonly number[]) => compare(numbers.slice(0, -1), own.numbers.slice(0, -1)) === 0;
  const patch = later.find(({ numbers }) => isOwnLine(numbers))?.tag;
  const line = later.find(({ numbers }) => !isOwnLine(numbers))?.tag;
  return { ...(patch !== undefined && { patch }), ...(line !== undefined && { line }) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const difference = a.map((number, index) => number - (b[index] ?? 0)).find((each) => each !== 0);
  return difference ?? 0;
}
