/** Waits for all, so that none goes on unseen, and then throws what the first of them threw. */
export async function allOf<T>(runs: readonly Promise<T>[]): Promise<readonly T[]> {
  const ends = await Promise.allSettled(runs);
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}
