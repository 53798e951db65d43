interface Changes {
  set?: Record<string, unknown>
  /** Set only where the item has no such attribute. */
  setOnce?: Record<string, unknown>
  /** Numbers to count up from 0. */
  increase?: readonly string[]
  /** Elements to put into sets. */
  addTo?: Record<string, ReadonlySet<string>>
  /** Elements to take out of sets. */
  deleteFrom?: Record<string, ReadonlySet<string>>
  remove?: readonly string[]
}

/**
 * The parts of an UpdateItem request that make these changes. Every attribute name goes through
 * a placeholder, as many of ours (`state`, `ttl`, `order`) are reserved words; `names` and `values`
 * are those of the condition beside it.
 */
export const updateExpression = (
  { set = {}, setOnce = {}, increase = [], addTo = {}, deleteFrom = {}, remove = [] }: Changes,
  names: Record<string, string> = {},
  values: Record<string, unknown> = {},
) => {
  const assignments = [
    ...Object.keys(set).map((key) => `#${key} = :${key}`),
    ...Object.keys(setOnce).map((key) => `#${key} = if_not_exists(#${key}, :${key})`),
    ...increase.map((key) => `#${key} = if_not_exists(#${key}, :zero) + :one`),
  ]
  const withValue = (key: string): string => `#${key} :${key}`
  const clauses: [string, string[]][] = [
    ['SET', assignments],
    ['ADD', Object.keys(addTo).map(withValue)],
    ['DELETE', Object.keys(deleteFrom).map(withValue)],
    ['REMOVE', remove.map((key) => `#${key}`)],
  ]
  const valued = { ...set, ...setOnce, ...addTo, ...deleteFrom }
  const assigned: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(valued)) assigned[`:${key}`] = value
  return {
    UpdateExpression: clauses
      .filter(([, changes]) => changes.length > 0)
      .map(([clause, changes]) => `${clause} ${changes.join(', ')}`)
      .join(' '),
    ExpressionAttributeNames: {
      ...Object.fromEntries(
        [...Object.keys(valued), ...increase, ...remove].map((key) => [`#${key}`, key]),
      ),
      ...names,
    },
    ExpressionAttributeValues: {
      ...assigned,
      ...(increase.length > 0 ? { ':zero': 0, ':one': 1 } : {}),
      ...values,
    },
  }
}
