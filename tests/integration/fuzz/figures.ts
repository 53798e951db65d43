/** Counts what came of requests, by what they were about. */
export const createFigures = () => {
  const counts = new Map<string, Map<string, number>>()
  let total = 0
  return {
    count: (about: string, outcome: string): void => {
      const own = counts.get(about) ?? new Map<string, number>()
      counts.set(about, own.set(outcome, (own.get(outcome) ?? 0) + 1))
      total += 1
    },
    total: (): number => total,
    /** Whether there were any, of those that are accepted and of those that are refused. */
    kindsOf: (about: string): { accepted: boolean; refused: boolean } => {
      const outcomes = [...(counts.get(about)?.keys() ?? [])]
      const isRefused = (outcome: string): boolean => Number(outcome) >= 400
      return {
        accepted: outcomes.some((outcome) => !isRefused(outcome)),
        refused: outcomes.some(isRefused),
      }
    },
    /** A line for each, to be printed. */
    table: (): string =>
      [...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([about, own]) => {
          const outcomes = [...own].toSorted(([a], [b]) => (a < b ? -1 : 1))
          return [about.padEnd(26), ...outcomes.map(([what, count]) => `${what}: ${count}`)].join(
            '  ',
          )
        })
        .concat(`${total} in all`)
        .join('\n'),
  }
}
