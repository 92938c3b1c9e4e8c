/**
 * Runs `work` for each item in order, at most `limit` at once.
 *
 * @param limit how many at once, at least 1
 * @returns the results in the order of the items
 * @throws the first error of `work`; work that has begun goes on
 */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) {
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
