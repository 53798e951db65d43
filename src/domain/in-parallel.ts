/**
 * Calls `work` for every item, at most `limit` at a time; the results are in the order of the items.
 * Rejects with the first failure, so `work` catches what must not stop the others.
 */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = []
  const queue = items.entries()
  const lane = async (): Promise<void> => {
    // All lanes draw from one iterator, so each item is taken once.
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return results
}
